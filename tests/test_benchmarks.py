"""The harness that measures: its data is what it says, its table adds up, its plot is a picture."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks import data, page, plot, record, table
from benchmarks.figures import Aim, Row, quantile
from benchmarks.screen import Screen


def test_the_data_is_what_it_says(tmp_path: Path) -> None:
    root = ET.parse(data.junit(tmp_path / "r.xml", 200)).getroot()  # noqa: S314  # our own
    cases = root.findall(".//testcase")
    assert len(cases) == 200
    assert [len(root.findall(f".//{tag}")) for tag in ("failure", "error", "skipped")] == [18, 2, 6]
    assert data.executed(200) == 194
    assert len({case.get("classname") for case in cases}) == 10
    failure = root.find(".//failure")
    assert failure is not None
    assert 1500 < len(failure.text or "") < 2500


def test_the_data_is_the_same_every_time(tmp_path: Path) -> None:
    one, other = data.junit(tmp_path / "a.xml", 50), data.junit(tmp_path / "b.xml", 50)
    assert one.read_bytes() == other.read_bytes()


def test_streams_have_their_lines_and_every_line_is_json(tmp_path: Path) -> None:
    go = data.go_json(tmp_path / "go.jsonl", 100).read_text().splitlines()
    log = data.report_log(tmp_path / "run.jsonl", 100).read_text().splitlines()
    assert (len(go), len(log)) == (861, 302)
    assert all(json.loads(line) for line in go + log)


def test_an_aim_is_of_the_figure_or_of_the_ratio() -> None:
    assert Aim(20, "figure").reached(19, 5) is True
    assert Aim(1.5).reached(19, 1.6) is False
    assert Aim(5, least=True).reached(None, 5.0) is True
    assert Aim(5).reached(3, None) is None


def test_what_was_not_measured_is_not_reached() -> None:
    rows = [Row("a", "good", 1, ratio=1, aim=Aim(2)), Row("a", "bad", 3, ratio=3, aim=Aim(2))]
    rows.append(Row("b", "gone", aim=Aim(2), failed="not installed"))
    assert table.tally(rows) == "3 aims: 1 reached, 1 not reached, 1 not measured"
    assert "failed: gone: not installed" in table.text(rows)
    assert "**NO**" in table.markdown(rows)


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile(range(100), 0.99) == 99


def test_the_plot_is_an_svg_with_a_line_for_each_series() -> None:
    drawn = plot.svg({"a < b": [(1000, 0.1), (10_000, 1.0)], "c": [(1000, 0.2)]}, "t")
    assert len(ET.fromstring(drawn).findall("{*}polyline")) == 2  # noqa: S314  # our own


def test_the_page_is_renewed_between_its_marks(tmp_path: Path) -> None:
    rows = [Row("growth", "x", 2.0, series="x", at=1000), Row("a", "good", 1, ratio=1, aim=Aim(2))]
    record.write(tmp_path / "r.json", rows, quick=True, took={}, began=0.0)
    kept, again = record.read(tmp_path / "r.json")
    assert again == rows
    text = page.renewed(f"head\n{page.BEGIN}\nold\n{page.END}\ntail\n", page.figures(kept, again))
    assert "old" not in text
    assert text.startswith("head\n")
    assert text.endswith("tail\n")
    assert page.series(again) == {"x": [(1000, 2.0)]}


def test_the_screen_has_what_was_written_where_it_was_put() -> None:
    screen = Screen(20, 4)
    screen.feed("\x1b[2;3Hab\x1b[48;2;1;2;3m cd\x1b[0m\r\n界x")
    assert screen.rows[1] == "  ab cd" + " " * 13
    assert screen.rows[2].startswith("界x")
    assert screen.bar(5) == 1
