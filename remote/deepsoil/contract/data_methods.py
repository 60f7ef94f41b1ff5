"""The methods about data: regions, public archives, stations; see `methods`. Pure."""

from __future__ import annotations

from deepsoil.contract.method import Method, Parameter, optional, text

_HOST = optional("host")

DATA_METHODS = (
    Method("regions", (_HOST,),
           "list of `{id, path, name, synthetic, footprint, first_date, last_date, forecast_from, channels, stations, "
           "attribution, gathered, made_here, problem}`",
           "The regions of the host. `footprint` is a GeoJSON geometry in EPSG:4326; the dates are those for which a "
           "map can be made, and `forecast_from` the first of them whose weather is a forecast, or null; `stations` is "
           "a count; `attribution`: whom its users must name; `gathered`: the folder "
           "of what was fetched for it, from which it can be brought up to today, or null; `made_here`: it lies where "
           "the engine makes regions, so that `remove_region` may delete its files; with a `problem` (an error) the "
           "region cannot be used.",
           "host", "slow", 120),
    Method("add_region", (text("path"), _HOST), "the region", "Adds a region; it is remembered.",
           "host", "slow", 120),
    Method("remove_region", (text("region"), optional("files", "flag"), _HOST), "`{deleted}`",
           "Takes a region out of the list. With `files` its folder is deleted, if it is one that DeepSoil gathered or "
           "generated in its home; `deleted` is that folder, or null. Refused while a job needs the region.",
           "host", "slow", 120),
    Method("region_draft", (text("path"), optional("said", "object")),
           "`{files, unread, others, lacking, asked, recipe, channels}`",
           "What the files of a folder of this computer seem to be. `files`: a list of `{key, path, form, channel, "
           "unit, unit_found, units, asked, suspects, nodata, least, most, day, days, picture}`, one for each band, "
           "variable and archive. `asked` of it is what neither the file nor the user says (`channel`, `unit`, "
           "`nodata`, `day`, `crs`, `choice`: several files for one channel); `picture` is a small PNG in base64. "
           "`unread`: a list of `{path, error}`. `lacking`: channels without which no map can be made. `recipe`: "
           "YAML, null until all is said. `said`: `{title, box, files}`, the last from a key to `{channel, unit, "
           "nodata, day, crs}`; an empty channel leaves the file out.", pace="slow", timeout_s=120),
    Method("region_recipe", (text("path"), optional("said", "object"), optional("replace", "flag")),
           "`{recipe, store, name, title}`",
           "Writes the recipe of `region_draft` into the folder; `recipe` and `store` are then the options of a job of "
           "kind `ingest`. A recipe that is there is replaced only with `replace`.", pace="slow", timeout_s=120),
    Method("gather_plan", (Parameter("area", "object"), optional("start"), optional("end"), optional("off", "list"),
                           optional("agreed", "list"), _HOST),
           "`{start, end, bytes, seconds, folder, title, covered_by, extends, near, archives, without, problems}`",
           "What a job of kind `gather` would fetch from public archives for an area (GeoJSON); nothing is fetched. "
           "`start` and `end` are the days that it would have. `covered_by`: the region that has the area already, or "
           "null. `extends`: the name of the gathered region that takes the area in, or null where a new one is made. "
           "`near`: the names of other gathered regions that touch the area; they stay as they are. "
           "`archives`: a list of `{name, title, needs, used_for, channels, licence, attribution, terms, "
           "account, off, agreed, has_account, bytes, seconds, pieces, hosts, last_checked, problem}`; `needs` is what "
           "it could give and `used_for` what it is chosen for (the others are asked where one fails); `terms` must be "
           "agreed to first; `problem` says why it cannot be used here. `without`: a list of `{need, title, problem}` "
           "of what the region will lack. `problems` prevent the job. `off` and `agreed`: lists of names of archives.",
           "host", "slow"),
    Method("refresh_plan", (text("region"), optional("off", "list"), optional("agreed", "list"), _HOST),
           "`{region, until, start, end, bytes, seconds, archives, without, problems}`",
           "What a job of kind `gather` with `options.update` would fetch to bring a gathered region up to today. "
           "`until`: the last day it has. `archives` as in `gather_plan`; those with nothing new have no pieces.",
           "host", "slow"),
    Method("network_settings", (optional("proxies", "object"), optional("accounts", "object")), "`{}`",
           "What jobs of kind `gather` of this computer need of the network from now on; kept in memory only. "
           "`proxies`: host name, or `*` for every other, to the address of its proxy with user and password, null for "
           "none; without it the system's. `accounts`: kind of account to its secret."),
    Method("archives", (),
           "list of `{name, title, needs, licence, attribution, terms, account, last_checked}`",
           "The public archives that the engine knows. `last_checked`: the day on which it was last compared with what "
           "is assumed of it, or null."),
    Method("archive_cache", (optional("clear", "flag"),), "`{bytes, quota_bytes}`",
           "What was fetched from archives and is kept for the next field, on this computer. With `clear` it is "
           "removed; regions stay as they are.", pace="slow"),
    Method("field_outlines", (Parameter("area", "object"), optional("offline", "flag")), "GeoJSON FeatureCollection",
           "Outlines of fields that touch the box of an area (a GeoJSON geometry; a Point: the field under it), from a "
           "public service, at most 10,000. Properties of each: `{id, hectares, crops}`; `crops` from a year to the "
           "class of the Cropland Data Layer. The member `attribution` is whom its users must name. "
           "With `offline` nobody is asked, which is an error (`archive_offline`): no outline is kept.",
           pace="network", timeout_s=150),
    Method("compare_readings", (text("id"), Parameter("values", "list")), "`{points, scores, left_out}`",
           "Readings (as in `options.readings.values`) beside the maps of soil moisture of a job: those of the same "
           "day and the nearest depth, at most 10 cm away. `points`: a list of `{longitude, latitude, date, sensor, "
           "depth_cm, map_depth_cm, observed, predicted, half_width}`. `scores`: by depth of the map `{n, bias, mae, "
           "rmse, ubrmsd, r, mae_pattern, mae_mean, inside}` over the points; `mae_pattern` is without the bias, "
           "`mae_mean` that of the readings' own mean, `inside` the share within the 90 % interval. `left_out`: how "
           "many readings have `no_map` of their day, are `too_deep` or `outside` of the maps.", "job", "slow"),
    Method("compare_smap", (text("id"), optional("path")),
           "`{read, of, map_days, input_of_map, title, depth_cm, grid, has_flags, part_of_a_cell, fewest_days, "
           "fewest_cells, days, cells, recommended, flagged, map, scores}`",
           "The maps of a job at 5 cm as means by area of SMAP's cells, with SMAP: of the job's region, or of `path`, "
           "a file or a folder on the job's host (HDF5 of SPL3SMP or SPL3SMP_E as published, or GeoTIFFs with the day "
           "in their names). A call reads maps for a few seconds: `read` of them `of` so many; ask again for the rest. "
           "`days`: those with a map or a pass of SMAP, to 30 days before and after the maps; `map_days`: those of the "
           "maps. `cells`: those that the map touches, `{west, south, east, north, share, scored, figures}`; degrees; "
           "`share` of the cell that the map covers, `scored` where that is half of it, or the most there is "
           "(`part_of_a_cell`); `figures` by kind of retrieval `{n, smap, map, bias, mae, ubrmsd, r}` over its days. "
           "`recommended`, `flagged` (retrievals that SMAP does not recommend) and `map`: by day a list with the θ of "
           "each cell, or null. `has_flags`: false where the files do not say which are recommended. `scores` by kind "
           "over the scored cells: `{cells, cell_days, bias, mae, ubrmsd_in_time, r_in_time, r_in_space}`; in time the "
           "median over cells with `fewest_days`, in space over days with `fewest_cells`. `input_of_map`: SMAP was an "
           "input of the maps, so their agreement is not an independent proof. `grid`: the name of the EASE-Grid 2.0, "
           "or null.", "job", "slow", 120),
    Method("stations", (text("region"), _HOST),
           "GeoJSON FeatureCollection with `{id, name, network, depths_cm, first_date, last_date}`",
           "The stations of a region.", "host", "slow"),
    Method("observations", (text("region"), text("station"), text("start"), text("end"), _HOST),
           "`{dates, precipitation, depths, rejected}`",
           "What a station measured after quality control, by depth in cm, and the precipitation there; null where "
           "there is no value. `rejected`: by depth a list of `{date, value, reason}` of the days it left out.",
           "host", "slow"),
)
