"""Opens a model file for prediction: ONNX Runtime only, no torch."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from deepsoil.contract.errors import DeepSoilError


def open_session(path: str | Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """A session on the CPU with ``threads`` threads (0: one per core).

    Weights stored in 8 bits are converted to float once at load: convolutions run in float anyway, and
    otherwise the conversion would be repeated in every call.
    Raises DeepSoilError ``model_missing`` or ``model_invalid``.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Windows differ in size: a memory plan for each size costs up to 50 % more memory and saves no time.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    # Waiting threads would otherwise spin and take CPU time from reading the next window.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return load_session(Path(path), options)


def load_session(path: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """An ONNX Runtime session on the CPU; DeepSoilError ``model_missing`` or ``model_invalid``."""
    if not path.is_file():
        raise DeepSoilError("model_missing", "There is no model file {path}.",
                            "Choose one of the models in the list, or copy the file there.", "models",
                            path=path)
    onnxruntime.disable_telemetry_events()  # some of its builds report to their maker
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime has no common error; some bytes raise Python's own, e.g. of an encoding
        raise DeepSoilError("model_invalid", "The model file {path} cannot be read: it is damaged or not ONNX.",
                            "Copy or install it again.", "models",
                            path=path) from error
