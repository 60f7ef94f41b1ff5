"""The methods that show something at once, without a job: a place, and a day of a field. Pure."""

from __future__ import annotations

from deepsoil.contract.method import Method, Parameter, optional, text

_HOST = optional("host")

LOOK_METHODS = (
    Method("ground", (text("region"), Parameter("place", "list"), _HOST),
           "`{sand, silt, clay, land_cover, crop, irrigated, weather, filled, withheld}`",
           "What the soil moisture of a `place` (longitude and latitude in degrees) is made from: texture in %, codes "
           "of NLCD and of the Cropland Data Layer, whether the region's map has it irrigated (null: not known), "
           "`weather` `{longitude, latitude, distance_km}`: the middle of its cell. `filled`: titles of the channels "
           "without a value there, `withheld`: of those whose values the default models have not learned.",
           "host", "slow"),
    Method("preview", (Parameter("specification", "object"), _HOST),
           "`{day, forecast, scale, readings_used, maps}`",
           "The maps of the first day of a `predict` by networks, as pixels and without a job. `maps`: of each field "
           "`{field, epsg, resolution_m, left_m, top_m, width, height, depths}`, the grid of its product; `depths`: by "
           "depth in cm base64 of its pixels, row by row from the top left, 16 bits each, low byte first, in steps of "
           "`scale` m³/m³; 65535: none. `forecast`: whether the day's weather is one. The first question about a field "
           "takes seconds, further ones a fraction of one; readings are not used.", "host", "slow"),
    Method("what_if", (text("region"), text("day"), optional("place", "list"), optional("area", "object"),
                       optional("events", "list"), optional("days", "count"), optional("management", "object"),
                       optional("before", "count"), optional("readings", "object"), optional("asking"),
                       optional("refill", "object"), _HOST),
           "`{members, dates, depths, available_mm, depletion_mm, drainage_mm, irrigation_mm, precipitation_mm, "
           "weather_known_days, forecast_from, need, crop, past, readings, warnings, station}`",
           "The water of a `place` (longitude and latitude in degrees) or a field (`area`) on the `days` after `day` "
           "(7), if the irrigations `events`, a list of `{date, mm}`, are given and no other; by simulated soil "
           "columns, means over the field with the 90 % interval, as `series` has them. The first "
           "`weather_known_days` days have the region's weather, the others the usual evapotranspiration and no rain. "
           "`need`: `{limit_mm, day, earliest, latest, refill_mm}`: the depletion that the crop takes without stress, "
           "the day on which it is reached (by half of the members, 5 % and 95 % of them; null: not within these "
           "days), and `{mean, lower, upper}` of what is lacking to field capacity on that day, else on the last; with "
           "`refill` (`{target}`, a share of the available water) of what is lacking to that. "
           "`crop`: `{root_depth_cm, allowed_depletion, stage}`, what that goes by; `stage` on `day`: `initial`, "
           "`development`, `middle`, `late`, `none` (it does not grow), or null where the crop is not known. `past`: "
           "with `before` what was on `day` and so many days before it, `{dates, …}` as above, else null. Soils of a "
           "field that differ little are taken together. `readings`: as in the options of a prediction; the ensemble "
           "is conditioned on them as its is, and the answer's `readings` are `{count, sensors, last}`, those that it "
           "rests on (null: none were asked for), `warnings` what is to be told of them. `station`: "
           "`{station, name, km}`, the nearest one within 50 km that measured in the four weeks up to `day`, or null. "
           "The first question about a field takes seconds, less where a map by soil columns was made of it, further "
           "ones a fraction of one. With a name for it (`asking`) the event `what_if` tells how far it is, and "
           "`cancel_what_if` stops it.", "host", "slow", 300),
    Method("cancel_what_if", (text("asking"), _HOST), "`{}`",
           "Stops a question: it is answered with the error `cancelled`, unless it has been answered already.",
           "host"),
)
