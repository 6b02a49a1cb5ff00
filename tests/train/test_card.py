"""Model cards: sources with licence and consent, whatever strangers wrote there, numbers, and tables."""

from dataclasses import replace

from tiny_checkpoint import tiny_checkpoint
from visavox.history import Source, Training
from visavox.train.card import Comparison, card

HOSTILE = "fine |\n# no licence needed <script>alert(1)</script>"


def test_a_card_says_whose_clips_and_under_which_terms():
    sources = Source("films of ann", "CC BY 4.0", "ann agreed", 12, 0.5), Source("found", "", HOSTILE, 1, 0.01)
    training = Training(
        {"name": "fine-tuning", "fitted": {"lips": {"ridge": 3.0}, "head": (0.2329942, 1)}},
        "abc",
        sources,
        distilled_from=({"name": "W", "licence": "MIT"},),
    )
    made = replace(tiny_checkpoint(), licence="not stated", history=(*tiny_checkpoint().history, training))
    table = Comparison(
        "Before and after", "On two pieces.", ("before", "after"), {"posture": (0.5, 0.25), "lip gap r": (float("nan"), 12.34)}
    )
    text = card(made, "ann.safetensors", ["Ann, in 30 s."], [table])
    assert "| films of ann | 12 | 0.50 | CC BY 4.0 | ann agreed |" in text
    assert "| found | 1 | 0.01 | not stated | fine / # no licence needed (script)alert(1)(/script) |" in text
    assert "\n# no licence" not in text and "Give them one before they are passed on" in text
    assert "| posture | 0.500 | 0.250 |" in text and "| lip gap r |  | 12.3 |" in text
    assert "- fitted, lips, ridge: 3\n- fitted, head: 0.233, 1\n" in text and "Distilled from W (MIT)." in text and "Ann, in 30 s." in text


def test_a_licence_that_is_given_is_not_asked_for():
    text = card(replace(tiny_checkpoint(), licence="CC0-1.0"), "x")
    assert "Licence of the weights: CC0-1.0." in text and "Give them one" not in text and text.startswith("# Model card: x\n")
