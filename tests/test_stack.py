"""Tracebacks of every language: the project's own frames, innermost first, and what began a chain."""

import pytest

from tui.core.model import Frame, Outcome, Phase
from tui.core.tracebacks import stack
from tui.readers import trace
from tui.text import plain

LONG = """client = <app.Client object at 0x7f00>

    def test_answer(client):
        session = client.open()
>       assert session.result() == 1

tests/unit/test_client.py:12:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
app/client.py:40: in result
    return self.wait()
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

self = <app.Client object at 0x7f00>

    def wait(self):
        def later():
            return 1
>       raise ValueError(
            "closed"
        )
E       ValueError: closed

app/client.py:55: ValueError"""
SHORT = """tests/unit/test_client.py:12: in test_answer
    assert session.result() == 1
app/client.py:40: in result
    return self.wait()
           ^^^^^^^^^^^
.venv/lib/python3.11/site-packages/lib/wait.py:7: in wait
    raise ValueError("closed")
E   ValueError: closed"""
NATIVE = """Traceback (most recent call last):
  File "/home/ana/project/tests/unit/test_client.py", line 12, in test_answer
    assert session.result() == 1
  File "/home/ana/project/src/app/client.py", line 40, in result
    return self.wait()
  File "/usr/lib/python3.11/json/decoder.py", line 7, in wait
    raise ValueError("closed")
ValueError: closed"""
CHAIN = """    def load():
>       open_store()

app/store.py:9:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def open_store():
>       raise ConnectionError("refused")
E       ConnectionError: refused

app/redis.py:3: ConnectionError

The above exception was the direct cause of the following exception:

    def test_store():
>       load()

tests/test_store.py:4:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def load():
>       raise StoreError("no store") from error
E       app.StoreError: no store

app/store.py:11: StoreError"""
RECURSION = "\n".join(["app/tree.py:9: in walk", "    walk(child)"] * 30) + "\nE   RecursionError: too deep"
JAVA = """java.lang.IllegalStateException: cannot start
\tat com.acme.Server.start(Server.java:31)
\tat com.acme.ServerTest.starts(ServerTest.java:12)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:569)
\tat org.junit.runners.ParentRunner.run(ParentRunner.java:413)
Caused by: java.net.ConnectException: Connection refused
\tat java.base/sun.nio.ch.Net.connect0(Native Method)
\tat com.acme.Pool.lambda$open$0(Pool.java:77)
\tat com.acme.Server.start(Server.java:29)
\t... 24 more"""
GO_PANIC = """panic: runtime error: index out of range [3] with length 2 [recovered]

goroutine 7 [running]:
testing.tRunner.func1.2({0x4f2b40, 0xc0000140f0})
\t/usr/local/go/src/testing/testing.go:1632 +0x230
example.com/shop/cart.(*Cart).At(0xc000012345, 0x3)
\t/home/ana/shop/cart/cart.go:21 +0x1d
example.com/shop/cart.TestAt(0xc0000ca680)
\t/home/ana/shop/cart/cart_test.go:9 +0x45"""
GO_LINE = "    cart_test.go:12: got 3, want 4"
JEST = """Error: expect(received).toEqual(expected) // deep equality

- Expected  - 1
+ Received  + 1

    at sum (/home/ana/shop/src/sum.js:10:9)
    at Object.<anonymous> (/home/ana/shop/test/sum.test.js:4:18)
    at Promise.then.completed (/home/ana/shop/node_modules/jest-circus/build/utils.js:298:28)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"""
VITEST = """AssertionError: expected 3 to be 4
 \u276f total src/cart.ts:7:11
 \u276f src/cart.test.ts:4:20"""
GTEST = """lib/queue_test.cc:7: Failure
Expected equality of these values:
  queue.size()
    Which is: 1
  2"""
PHP = """Failed asserting that two arrays are identical.

/home/ana/shop/src/Cart.php:40
/home/ana/shop/tests/CartTest.php:12
/home/ana/shop/vendor/phpunit/phpunit/src/Framework/TestCase.php:1548"""
RUBY = """Failure/Error: expect(cart.total).to eq(4)
# ./lib/cart.rb:8:in `total'
# ./spec/cart_spec.rb:4:in `block (2 levels) in <top (required)>'
# /usr/lib/ruby/gems/3.2.0/gems/rspec-core-3.12/lib/rspec/core/example.rb:263:in `run'"""
RUST = """thread 'tests::adds' panicked at src/cart.rs:18:13:
index out of bounds: the len is 2 but the index is 3
stack backtrace:
   0: rust_begin_unwind
             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/std/src/panicking.rs:689:5
   1: shop::cart::at::h0123456789abcdef
             at ./src/cart.rs:18:13
   2: shop::tests::adds::{{closure}}
             at ./src/lib.rs:27:9"""
DOTNET = """   at System.ThrowHelper.ThrowArgumentOutOfRangeException()
   at Shop.Cart.At(Int32 index) in C:\\jobs\\shop\\src\\Cart.cs:line 36
   at Shop.Tests.CartTests.Adds() in C:\\jobs\\shop\\tests\\CartTests.cs:line 19"""
PERL = "#   Failed test 'adds'\n#   at t/cart.t line 12."


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        (LONG, ["app/client.py wait", "app/client.py result", "tests/unit/test_client.py test_answer"]),
        (SHORT, ["app/client.py result", "tests/unit/test_client.py test_answer"]),
        (NATIVE, ["src/app/client.py result", "tests/unit/test_client.py test_answer"]),
        ("tests/unit/test_client.py:12: AssertionError: no\n", ["tests/unit/test_client.py"]),
        (RECURSION, ["app/tree.py walk"]),
        (CHAIN, ["app/redis.py open_store", "app/store.py load"]),
        (JAVA, ["com/acme/Pool.java lambda$open$", "com/acme/Server.java start"]),
        (
            GO_PANIC,
            [
                "shop/cart/cart.go example.com/shop/cart.(*Cart).At",
                "shop/cart/cart_test.go example.com/shop/cart.TestAt",
            ],
        ),
        (GO_LINE, ["cart_test.go"]),
        (JEST, ["shop/src/sum.js sum", "shop/test/sum.test.js Object.<anonymous>"]),
        (VITEST, ["src/cart.ts total", "src/cart.test.ts"]),
        (GTEST, ["lib/queue_test.cc"]),
        (PHP, ["shop/src/Cart.php", "shop/tests/CartTest.php"]),
        (RUBY, ["lib/cart.rb total", "spec/cart_spec.rb block (2 levels) in <top (required)>"]),
        (RUST, ["src/cart.rs", "src/cart.rs shop::cart::at", "src/lib.rs shop::tests::adds"]),
        (DOTNET, ["shop/src/Cart.cs At", "shop/tests/CartTests.cs Adds"]),
        (PERL, ["t/cart.t"]),
        ("nothing to be seen here", []),
    ],
)
def test_the_own_frames_come_innermost_first(text: str, frames: list[str]) -> None:
    assert [str(frame) for frame in stack.read(text).frames] == frames


@pytest.mark.parametrize(
    ("text", "root"),
    [
        (CHAIN, ("ConnectionError", "refused")),
        (CHAIN.replace("The above exception was the direct cause of the following", "During handling"), None),
        (JAVA, ("ConnectException", "Connection refused")),
        ("A.B: x ---> A.C: y\n   at Shop.A() in /x/A.cs:line 1\n   --- End of inner exception", ("C", "y")),
        (JEST + "\n  [cause]: TypeError: no store", ("TypeError", "no store")),
        (LONG, None),
    ],
)
def test_of_a_chain_the_root_is_read(text: str, root: tuple[str, str] | None) -> None:
    assert stack.read(text).root == root


def test_a_failure_carries_what_its_text_shows() -> None:
    failure = trace.failure(Outcome.FAILED, Phase.CALL, message="StoreError: no store", text=CHAIN)
    assert (failure.type, stack.of(failure).root) == ("StoreError", ("ConnectionError", "refused"))
    assert stack.of(failure).frames[0] == Frame("app/redis.py", "open_store")


@pytest.mark.parametrize(
    "text", [LONG, SHORT, NATIVE, CHAIN, JAVA, GO_PANIC, JEST, "\x1b[31m" + LONG + "\x1b[0m"]
)
@pytest.mark.parametrize("more", ["", "\n" + "x" * 99 * 99])
def test_an_excerpt_keeps_what_the_whole_text_shows(text: str, more: str) -> None:
    text = more + text + more
    failure = trace.failure(Outcome.FAILED, Phase.CALL, message="", text=text)
    assert stack.of(failure) == stack.read(plain(text))


def test_equal_frames_are_kept_once() -> None:
    assert stack.read(LONG).frames is stack.read(LONG.replace("0x7f00", "0x8000")).frames
