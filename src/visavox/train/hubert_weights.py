"""HuBERT's published weights for the start of a training: from a folder, or downloaded where that is asked for."""

from pathlib import Path

from visavox.errors import DependencyError, FileError
from visavox.models.hubert import HubertEncoder

PUBLISHED = "facebook/hubert-base-ls960"


def load_hubert(encoder: HubertEncoder, source: Path | None, download: bool) -> None:
    """Puts published weights into `encoder`: those in the folder `source` (config.json and weights, as Hugging Face has them), or with
    `download` those of `facebook/hubert-base-ls960`.

    Raises a FileError when there are none or they are of other sizes; nothing is downloaded unless `download` says so.
    """
    if source is None and not download:
        raise FileError(
            f"training starts from the weights of {PUBLISHED}, which are not in this package: give their folder with --hubert, or allow "
            "their download (360 MB) with --download"
        )
    try:
        from transformers import HubertModel
    except ImportError:
        raise DependencyError("HuBERT needs the library transformers, which is not installed: pip install 'visavox[paper]'") from None
    where = PUBLISHED if source is None else str(source)
    if source is not None and not (Path(source) / "config.json").is_file():
        raise FileError(f"{source} has no config.json; give the folder of {PUBLISHED} as Hugging Face has it")
    try:
        published = HubertModel.from_pretrained(where, local_files_only=source is not None)
        encoder.hubert.load_state_dict(published.state_dict())
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise FileError(f"{where} does not hold the weights of HuBERT-base ({reason}); give the folder of {PUBLISHED}") from None
