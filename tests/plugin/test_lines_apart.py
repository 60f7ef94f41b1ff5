"""Lines in the plots are told apart, and seen, on a light and on a dark theme."""

from __future__ import annotations

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPalette

from deepsoil_plugin.training.line_styles import pen_of
from deepsoil_plugin.widgets.plot_colours import contrast, mix, plot_colours


def theme(background: str, text: str, highlight: str = "#308cc6") -> QPalette:
    palette = QPalette()
    for role, name in ((QPalette.ColorRole.Base, background), (QPalette.ColorRole.Text, text),
                       (QPalette.ColorRole.Highlight, highlight)):
        palette.setColor(role, QColor(name))
    return palette


THEMES = [theme("#ffffff", "#000000"), theme("#1e1e1e", "#f0f0f0"), theme("#777777", "#ffffff"),
          theme("#0072b2", "#ffffff")]


def test_the_contrast_is_that_of_wcag() -> None:
    """The examples of WebAIM: black, grey, blue and red on white."""
    white = QColor("#ffffff")
    for name, ratio in (("#000000", 21.0), ("#767676", 4.54), ("#0000ff", 8.59), ("#ff0000", 4.0), ("#ffffff", 1.0)):
        assert contrast(QColor(name), white) == contrast(white, QColor(name)) == pytest.approx(ratio, abs=0.005)


def test_a_mix_goes_from_one_colour_to_the_other() -> None:
    one, other = QColor("#102030"), QColor("#f0a050")
    assert mix(one, other, 0.0).name() == one.name() and mix(one, other, 1.0).name() == other.name()
    assert mix(one, other, 0.25).getRgb()[:3] == (72, 64, 56)


@pytest.mark.parametrize("palette", THEMES)
def test_twenty_four_lines_are_seen_and_told_apart(palette: QPalette) -> None:
    colours = plot_colours(palette)
    pens = [pen_of(number, colours) for number in range(24)]
    assert len({(colour.name(), style) for colour, style in pens}) == 24
    assert all(contrast(colour, colours.background) >= 2.2 for colour, _ in pens)
    assert [style for _, style in pens[::6]] == [Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine,
                                                 Qt.PenStyle.DashDotLine]
    assert pen_of(24, colours) == pens[0]


def test_a_colour_is_changed_only_where_it_would_be_lost() -> None:
    """Okabe and Ito's sky blue and orange are pale on white (contrast 2.1 to 2.3); none is lost on black."""
    light, dark = plot_colours(THEMES[0]), plot_colours(theme("#000000", "#ffffff"))
    pure = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
    assert tuple(pen_of(number, dark)[0].name() for number in range(6)) == pure
    for number, name in enumerate(pure):
        colour = pen_of(number, light)[0]
        assert (colour.name() == name) == (contrast(QColor(name), light.background) >= 2.2)
        assert contrast(colour, QColor(name)) < 1.25, "changed more than it takes"


@pytest.mark.parametrize("palette", [theme("#ffffff", "#000000", "#f4f4f4"), theme("#000000", "#ffffff", "#101010")])
def test_a_highlight_that_is_lost_is_drawn_nearer_to_the_text(palette: QPalette) -> None:
    colours = plot_colours(palette)
    assert 3.0 <= contrast(colours.accent, colours.background) < 4.5
    assert contrast(colours.faint, colours.background) > contrast(colours.grid, colours.background) > 1.1
    assert contrast(colours.rain, colours.background) >= 3.0


def test_a_highlight_that_is_seen_is_left_as_it_is() -> None:
    assert plot_colours(theme("#ffffff", "#000000", "#0000aa")).accent.name() == "#0000aa"
