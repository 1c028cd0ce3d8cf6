"""Stops the libraries from reporting to their makers, and from spinning. Imported before them.

onnxruntime 1.31 sends an event with a device id, the path of Python and the machine's make some
eight seconds after a model is loaded, and leaves a queue in ~/.cache. Only its variable stops it,
and only if it is set before the import: `disable_telemetry_events()` does not (measured with
strace: 8 look-ups with the call, none with the variable). tests/test_network.py watches all of
this, whatever a later version brings.
"""

import os
import sys
import warnings

# TABLE: variable → value. What each library reads; none of them has an effect on answers.
SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "HF_HUB_DISABLE_TELEMETRY": "1",  # huggingface_hub
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",  # streamlit, by its page
    "DO_NOT_TRACK": "1",  # the common sign, read by several
}

# TABLE: variable → value, where nobody has set it. OpenBLAS's second thread waits in a loop for
# work that is too small to share: a search over the seeds took 87 ms of CPU in 43, and takes 42
# in 41 without (six paired runs). Sums then have one order, however many cores there are.
THREADS = {"OPENBLAS_NUM_THREADS": "1"}


def hush() -> None:
    """Sets every switch for this process and those that it starts."""
    if "onnxruntime" in sys.modules and not os.environ.get("ORT_DISABLE_TELEMETRY"):
        warnings.warn(
            "onnxruntime was imported before Onrecord and may report to its maker. "
            "Import rag first, or set ORT_DISABLE_TELEMETRY=1.",
            stacklevel=3,
        )
    os.environ.update(SWITCHES)
    for name, value in THREADS.items():
        os.environ.setdefault(name, value)


hush()
