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
)
