"""What can go wrong between a client and the service."""


class FactoryBypassError(RuntimeError):
    """A manager was made without the factory, so it belongs to no user."""


class FrameError(ValueError):
    """Bytes that are no frame."""


class CapacityError(RuntimeError):
    """A limit of the service is reached."""
