"""`DefaultRecipe`: every number of the default checkpoint, in one value that the checkpoint keeps.

What material is made with whatever the recipe (manners, warps, trust in filmed lips) are constants beside the code that uses them; the
checkpoint keeps them too, see `recipe_json`.
"""

from dataclasses import asdict, dataclass, field, fields, replace

from visavox.calibration import Calibration
from visavox.data.lips import agreed_lips, filmed_lips, lip_following
from visavox.data.material import encoded_recordings, recogniser_features, recordings, speech_recordings, synthetic_recordings
from visavox.recipes.default_calibration import CALIBRATION
from visavox.recipes.share import part, shorter
from visavox.train.loop import LoopConfig
from visavox.train.tasks import distillation
from visavox.train.tasks.denoiser import DenoisingConfig

LEAST_HOURS = 0.3  # of the corpus, however small the share: every voice and enough manners twice
# Voices on which the audio encoder goes on, three quarters of them English.
FAMILIAR_VOICES = ("flite:slt", "flite:awb", "flite:kal16", "festival:slt_hts", "festival:kal", "espeak",
                   "festival:lp", "festival:ona_hts", "festival:nsh", "festival:dita")  # fmt: skip


@dataclass(frozen=True)
class StyleChoices:
    """What the built-in styles are made of: the animator's motion at `recordings` joined, by `seed`, from `utterances` of each of about
    `shards` shards, in windows of `frames`. `usual` is the one that is used where none is asked for."""

    recordings: int = 12
    utterances: int = 30
    shards: int = 6
    frames: int = 100
    seed: int = 11
    usual: str = "neutral"


@dataclass(frozen=True)
class DefaultRecipe:
    """Every number of the default checkpoint, stage after stage.

    `encoder` trains the audio encoder on all voices, `encoder_on_words` on familiar voices and clips with known words, `encoder_on_named`
    also on clips whose phones it named itself, `distillation` on what a recogniser makes of sounds. Then `style_encoder`, and `denoiser`,
    or `denoiser_onward` where a checkpoint is gone on from. `speech_share` is how often a file of real speech is drawn for each time that
    its length would have it drawn, `filmed_share` the same of filmed clips. `word_copies` and `named_copies` are how often clips with words
    and clips with named phones are recorded in other throats and manners. Of filmed clips a share `held_out` is never trained on, and the
    others need a face in a share `seen` of their frames; the recogniser encodes them once more at the speed `slower`. `weights_seed` draws
    the untrained weights; every `statistics_every`th frame makes the statistics.
    """

    hours: float = 36.0
    corpus_seed: int = 1
    negative_files: int = 6
    encoder: LoopConfig = LoopConfig(steps=9000, learning_rate=1.5e-3, warm_up=150)
    encoder_on_words: LoopConfig = LoopConfig(steps=2600, learning_rate=7e-4, warm_up=100, seed=5, ema=0.998)
    encoder_on_named: LoopConfig = LoopConfig(steps=1300, learning_rate=4e-4, warm_up=100, seed=6, ema=0.998)
    distillation: LoopConfig = LoopConfig(steps=3000, learning_rate=7e-4, warm_up=100, seed=7, ema=0.998)
    style_encoder: LoopConfig = LoopConfig(steps=200, learning_rate=6e-4, warm_up=100, seed=1)
    denoiser: LoopConfig = LoopConfig(steps=7600, learning_rate=8e-4, warm_up=200, seed=2)
    denoiser_onward: LoopConfig = LoopConfig(steps=3600, learning_rate=6e-4, warm_up=60, seed=6, ema=0.997)
    task: DenoisingConfig = field(default_factory=DenoisingConfig)
    clips: int = 16  # of a batch of the audio encoder
    manners: int = 32  # of a batch of the style encoder
    familiar_voices: tuple[str, ...] = FAMILIAR_VOICES
    speech_share: int = 4
    filmed_share: int = 2
    word_copies: int = 12
    named_copies: int = 4
    held_out: float = 0.1
    seen: float = 0.9
    slower: float = 0.92
    weights_seed: int = 2
    statistics_every: int = 7
    styles: StyleChoices = StyleChoices()
    calibration: Calibration = CALIBRATION

    def scaled(self, share: float) -> "DefaultRecipe":
        """That share of this recipe's hours and steps; 1 is all of it, 0 runs all the code and makes nothing of use."""
        loops = {name: shorter(loop, share) for name, loop in self.loops.items()}
        hours, files = part(self.hours, share, LEAST_HOURS), round(part(self.negative_files, share, 1))
        return replace(self, **loops, hours=hours, negative_files=files)

    def in_precision(self, precision: str) -> "DefaultRecipe":
        """This recipe with every training computing in `precision`."""
        return replace(self, **{name: replace(loop, precision=precision) for name, loop in self.loops.items()})

    @property
    def loops(self) -> dict[str, LoopConfig]:
        """The trainings by the name of their stage, in order."""
        return {each.name: getattr(self, each.name) for each in fields(self) if isinstance(getattr(self, each.name), LoopConfig)}


def recipe_json(recipe: DefaultRecipe, hours: float) -> dict:
    """The recipe as plain JSON, with the hours that the corpus really has and what all material is made with."""
    found = {"name": "default", "corpus_hours": hours, "calibration": recipe.calibration.to_json(), "material": _material_numbers()}
    return asdict(recipe) | found


def _material_numbers() -> dict:
    """The numbers beside the code that makes material, by the module and name that they have there."""
    modules = (
        synthetic_recordings, recordings, speech_recordings, encoded_recordings, recogniser_features, filmed_lips, lip_following,
        agreed_lips, distillation,
    )  # fmt: skip
    found = {}
    for module in modules:
        own = {name: value for name, value in vars(module).items() if name.isupper() and _is_number(value) and name not in _SHARED}
        found[module.__name__.rpartition(".")[2]] = own
    return found


_SHARED = (  # of the whole product, not of a recipe
    "FPS", "SAMPLE_RATE", "SAMPLES_PER_FRAME", "FEATURES_PER_FRAME", "LOWER", "UPPER", "MOUTH_LEFT", "MOUTH_RIGHT",
)  # fmt: skip


def _is_number(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(isinstance(each, int | float) for each in value)
    return isinstance(value, int | float) and not isinstance(value, bool)
