"""What each number of the report is: unit, direction, source, and the goal it is held to where one is set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """One metric: its `title`, `unit`, the `goal` as (low, high) with None for open ends, and in a sentence what it
    is and whence.
    """

    title: str
    unit: str
    meaning: str
    goal: tuple[float | None, float | None] | None = None

    def met(self, value: float) -> bool | None:
        """Whether `value` reaches the goal; None without a goal or a number."""
        if self.goal is None or value != value:
            return None
        low, high = self.goal
        return (low is None or value >= low) and (high is None or value <= high)

    def goal_text(self) -> str:
        """The goal in words, empty without one."""
        if self.goal is None:
            return ""
        low, high = self.goal
        if None not in self.goal:
            return f"{low:g} to {high:g}"
        return f"at least {low:g}" if high is None else f"at most {high:g}"


DEFINITIONS = {
    "closure_recall": Definition(
        "lips close on P, B, M",
        "share",
        "smallest aperture within the phone +-40 ms is under the threshold",
        (0.90, None),
    ),
    "closure_precision": Definition(
        "closed frames that are P, B, M",
        "share",
        "closed frames of speech within 70 ms of one; F, V and pauses left out",
        (0.70, None),
    ),
    "false_closure": Definition(
        "open vowels that close", "share", "AA AE AH AO EH of 80 ms or more closed in their middle half", (None, 0.03)
    ),
    "tuck": Definition("lower lip tucks on F, V", "share", "mouthRollLower over 0.35 within the phone +-40 ms", (0.85, None)),
    "rounding_rounded": Definition("rounding of UW OW W UH", "weight", "mean mouthPucker + mouthFunnel during the phone"),
    "rounding_spread": Definition("rounding of IY IH EH AE", "weight", "mean mouthPucker + mouthFunnel during the phone"),
    "rounding_auc": Definition(
        "rounded above spread vowels", "area", "chance that a rounded phone is rounder than a spread one", (0.90, None)
    ),
    "silence_aperture": Definition("aperture in silence", "aperture", "mean over silences longer than 1 s, ends left out", (None, 0.02)),
    "aperture_correlation": Definition("aperture against the rule-based animator", "r", "Pearson's r over speech, mean of clips"),
    "gap_correlation": Definition(
        "lip gap against the face", "r", "Pearson's r with the tracked gap at lag 0, median of clips", (0.62, None)
    ),
    "width_correlation": Definition(
        "mouth width against the face",
        "r",
        "Pearson's r with the tracked width at lag 0, median of clips",
        (0.58, None),
    ),
    "best_lag": Definition("best lag", "frames", "lag of the largest gap correlation within +-5, median of clips; positive is late"),
    "lag_within_one": Definition("clips in time", "share", "clips whose best lag is within one frame", (0.80, None)),
    "articulation_ratio": Definition(
        "articulation", "ratio", "generated over true range (5th to 95th percentile) of the lip gap", (0.7, 1.3)
    ),
    "silence_leak": Definition("aperture in pauses", "aperture", "mean gap aperture in silences of the recording"),
    "lve": Definition("LVE", "mm", "largest lip vertex distance of each frame, mean (MeshTalk), default head, unsquared"),
    "fdd": Definition("FDD", "mm", "true minus generated deviation of upper-face motion (CodeTalker), unsquared, signed"),
    "mod": Definition("MOD", "mm", "mean difference of the lips' height (DiffPoseTalk), default head"),
    "flame_lve": Definition("LVE", "mm", "largest lip vertex distance of each frame, mean over frames (MeshTalk), FLAME, unsquared"),
    "flame_lve_squared": Definition(
        "LVE, squared", "mm^2", "largest squared lip vertex distance of each frame, mean over the frames of all clips (CodeTalker's script)"
    ),
    "flame_fdd": Definition("FDD", "mm", "true minus generated deviation of upper-face distances from rest, mean over clips, signed"),
    "flame_fdd_squared": Definition("FDD, squared", "mm^2", "the same of squared distances (CodeTalker's script), signed"),
    "flame_mod": Definition("MOD", "mm", "mean difference of the lips' height, reconstructed: the paper (DiffPoseTalk) gives no formula"),
    "lip_jerk_ratio": Definition(
        "lip jerk",
        "ratio",
        "mean third derivative of the lip gap over the tracked gap's, both smoothed over 40 ms",
        (None, 1.3),
    ),
    "head_jerk_ratio": Definition(
        "head jerk",
        "ratio",
        "mean third derivative of the head angles over the tracked head's, smoothed over 40 ms",
        (None, 1.3),
    ),
    "head_range_ratio": Definition("head range", "ratio", "generated over true range of the head angles, median of clips", (0.7, 1.4)),
    "head_speed_ratio": Definition("head speed", "ratio", "generated over true mean angular speed, median of clips", (0.7, 1.4)),
    "beat_alignment": Definition(
        "BA", "score", "generated head beats near true ones, s = 0.12 s (AIST++); compare with the shuffled column"
    ),
    "head_range": Definition("head range", "degrees", "5th to 95th percentile, mean of pitch, yaw, roll; median of clips"),
    "head_speed": Definition("head speed", "degrees/s", "mean angular speed after 60 ms of smoothing; median of clips"),
    "blink_rate": Definition("blinks", "per minute", "over all clips together", (8, 30)),
    "blink_interval": Definition("time between blinks", "s", "median of the intervals of all clips"),
    "blink_variation": Definition(
        "variation of blink intervals", "ratio", "deviation over mean: 0 a metronome, 1 a Poisson process", (0.3, 1.5)
    ),
    "lip_seam": Definition("seam of the mouth", "ratio", "95th percentile of acceleration at window borders over inside", (None, 1.1)),
    "head_seam": Definition("seam of the head", "ratio", "95th percentile of acceleration at window borders over inside", (None, 1.1)),
    "head_take_spread": Definition("takes differ in the head", "degrees", "deviation over takes of the head angles (wanted)"),
    "lip_take_spread": Definition("takes differ in the lips", "aperture", "deviation over takes of the gap aperture (not wanted)"),
    "style_gain": Definition(
        "style recognised",
        "times chance",
        "share of motions whose style is nearest to the one asked for, times N",
        (5, None),
    ),
}
