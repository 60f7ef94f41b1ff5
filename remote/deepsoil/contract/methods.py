"""The methods of an engine: one table shared by the service, the client, other hosts and the documentation. Pure.

The service implements the methods; the table says where each is answered, and how long a client waits for the answer.
"""

from __future__ import annotations

from deepsoil.contract.data_methods import DATA_METHODS
from deepsoil.contract.host_methods import HOST_METHODS
from deepsoil.contract.look_methods import LOOK_METHODS
from deepsoil.contract.method import Method, Parameter, optional, text

LOG_PIECE_BYTES = 1 << 20
FILE_PIECE_BYTES = 4 << 20


_HOST = optional("host")
_ID = text("id")

_TABLE = (
    Method("hello", (optional("client"),),
           "`{engine, schema, machine, home, python, methods, depths}`",
           "Says which engine this is. `client`: the version of whoever asks. `depths`: a list of `{depth_cm, title, "
           "description, model, tolerance_cm, colour, symbol}`, from the top down.", timeout_s=90),
    *DATA_METHODS,
    Method("models", (_HOST,),
           "list of `{id, depth_cm, title, version, default, channels, card, metrics, problem, path, size, sha256}`",
           "The models of the host. `card` is Markdown; `path`, `size` and `sha256` are those of the file there.",
           "host", "slow", 120),
    Method("set_default_model",
           (Parameter("depth_cm", "count"), text("model"), text("version"), text("sha256"), _HOST), "the model",
           "Makes a model of the host the one that its maps of a depth are made with unless a job names "
           "another. Refused (`default_changed`) where version or SHA-256 are no longer those that the user saw.",
           "host", "slow", 120),
    Method("configurations", (_HOST,), "list of `{id, path, document, problem}`",
           "Training configurations that come with the engine or lie in `HOME/configurations`. `document` is the whole "
           "configuration with absolute paths, null where it cannot be read.", "host", "slow", 120),
    Method("read_configuration", (text("path"), _HOST), "`{id, path, document, problem}`",
           "One YAML file on the host.", "host", "slow"),
    Method("crops", (), "list of `{crop, title, root_depth_cm, allowed_depletion}`",
           "The crops that an entry of `options.management` may name."),
    Method("irrigation_log", (text("text"), optional("unit")), "`{type, applications}`",
           "Reads a table of dates and water, as pasted or from a CSV file, as the irrigation of an entry of "
           "`options.management`. `unit` (`mm` or `in`): of a table whose first line names no columns."),
    Method("soil_table", (text("text"),), "a list of layers as `soil` of an entry of `options.management`",
           "Reads a table of measured soil layers, as pasted or from a CSV file; its first line names the columns."),
    Method("probe_table", (text("path"), optional("said", "object")),
           "`{file, head, separator, decimal, first, rows, columns, values, asked, problem, readings, missing, "
           "refused, refused_count}`",
           "Reads a CSV file of own probes on this computer. `said`: what the file may not say, `{unit, place, "
           "depth_cm, sensor, zone_min, order, separator, decimal, columns, values}`. `asked`: what has yet to be said "
           "(`time`, `value`, `unit`, `depth`, `place`, `zone`, `order`); nothing of it is guessed, and `readings` is "
           "empty until then. `readings`: daily means as in `options.readings.values`. `refused`: a list of `{row, "
           "error}`, the first of `refused_count`. `missing`: how many cells have no value. `path` may also be an "
           "archive of ISMN, as a zip or a folder: then nothing is asked, `sensors` lists `{sensor, depth_cm, "
           "longitude, latitude, days, first, last}`, and `said` is `{sensors, first, last}`: numbers in that list, "
           "and days.", pace="slow"),
    Method("read_reading", (text("text"),), "a reading as in `options.readings.values`",
           "Reads one value in words, such as `0.22 at 20 cm on 2023-07-12 at -96.6,39.1`."),
    Method("estimate", (Parameter("specification", "object"), _HOST),
           "`{area_ha, fields, pixels, windows, seconds, bytes, problems, warnings, region}`",
           "What a job would cost. `fields` is the number of fields that get maps. `problems` are errors that prevent "
           "it, `warnings` do not; what cannot be told is null.", "host", "slow"),
    Method("submit", (Parameter("specification", "object"), optional("earlier"), _HOST), "summary",
           "Makes a job. The same id again returns the same job. Refused with the first problem that `estimate` names. "
           "`earlier`: the id of a job of the same request whose finished tasks and checkpoints it takes over.",
           "host", "slow", 120),
    Method("submit_many", (Parameter("requests", "list"),),
           "list, as long as `requests`, of `{job}` (a summary) or `{error}`, or null",
           "`submit` for many jobs: each request is `{specification, earlier}`, and what is wrong with one does not "
           "concern the others. Those for which the time was too short come back as null: send them again.",
           pace="slow", timeout_s=120),
    Method("list", (optional("after"),), "list of summaries, newest first",
           "All jobs of all hosts. With `after` (ISO 8601), jobs of this computer that did not change since then come "
           "as `{id}` alone.", timeout_s=120),
    Method("watch", (optional("after"),), "`{time}`",
           "From now on every change comes as an event. With `after`, jobs that changed since then are sent at once. "
           "Watch first, then list: nothing falls between. `time` is read from the clock of the disk with the jobs and "
           "serves as a later `after`."),
    Method("cancel", (_ID, optional("forbid", "flag")), "summary",
           "Stops a job; where it has ended, stops bringing its outputs. With `forbid` an id that is not known is "
           "remembered, and a later `submit` of it is refused (`job_forbidden`).", "job"),
    Method("retry", (_ID, text("new_id")), "summary of the new job",
           "Sends the same request as a new job. Finished tasks are not repeated, others go on from their "
           "checkpoints.", "job", "slow", 120),
    Method("logs", (_ID, optional("offset", "count"), optional("limit", "count")), "`{text, next_offset, more}`",
           "Whole lines of `log.jsonl` from a byte on, at most 1 MiB.", "job"),
    Method("curves", (_ID, optional("task", "count")), "list of `{task, title, rows}`",
           "The lines of `curves.jsonl`, one list for each training that has begun; thinned evenly above 20,000 rows.",
           "job", "slow"),
    Method("outputs", (_ID,), "list of outputs", "The files of a job that are there.", "job"),
    Method("fetch", (_ID, text("name"), optional("offset", "count"), optional("limit", "count")),
           "`{data, next_offset, more, sha256}`",
           "A piece of an output as base64, at most 4 MiB, for clients that do not see the disk.", "job"),
    Method("remove", (_ID,), "`{}`", "Deletes a job that has ended, with its folder.", "job"),
    Method("series", (text("region"), Parameter("place", "list"), text("start"), text("end"), optional("method"),
                      optional("management", "object"), _HOST),
           "`{method, members, dates, forecast_from, depths, available_mm, depletion_mm, drainage_mm, irrigation_mm, "
           "precipitation_mm}`",
           "Soil moisture and the water of the root zone on every day at a `place` (longitude and latitude in "
           "degrees), by simulated soil columns (`method`: `column`) or by the default models (`network`: the depths "
           "of their maps; no members, and null for the water of the root zone). `depths`: by depth in cm, and each of "
           "the `…_mm` except precipitation, `{mean, lower, upper}` with the 90 % interval, lists as long as `dates`. "
           "`available_mm`: above the wilting point, down to the end of the roots or 100 cm; `depletion_mm`: what "
           "lacks to field capacity there; `drainage_mm`: a day, below 160 cm. `forecast_from`: the first day whose "
           "weather is a forecast, or null. `management`: as in the options of a prediction.", "host", "slow", 120),
    *LOOK_METHODS,
    *HOST_METHODS,
    Method("shutdown", (), "`{}`", "Ends the service, never a job."),
)
METHODS: dict[str, Method] = {method.name: method for method in _TABLE}
