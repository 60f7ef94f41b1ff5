"""What the algorithms take and give, as people's models have it: a line each of name, type, default and flags."""

from __future__ import annotations

INTERFACES = {"mapsoilmoisture": """
AREA source None optional
NAMES field None optional
REPAIR boolean False
EXTENT extent None optional
START datetime None
END datetime None optional
DEPTHS enum [0, 1]
REGION string None optional
METHOD enum 0
PRODUCTS enum [] optional
IRRIGATION enum 0
IRRIGATION_LOG file None optional advanced
IRRIGATION_MM number 25.0 advanced
IRRIGATION_DEPLETION number 40.0 advanced
CROP string None optional advanced
ALLOWED_DEPLETION number None optional advanced
REFILL_TARGET number 100.0 advanced
REFILL_RAIN_DAYS number 0 advanced
REFILL_ONLY_WHERE_NEEDED boolean False advanced
ZONES boolean False advanced
ZONES_MINIMUM_HA number 0.5 advanced
READINGS_STATIONS boolean False advanced
READINGS file None optional advanced
READINGS_UNIT enum 0 advanced
READINGS_DEPTH number None optional advanced
READINGS_PLACE point None optional advanced
READINGS_UTC_OFFSET number None optional advanced
READINGS_DATES enum 0 advanced
READINGS_TYPED string None optional advanced
READINGS_LATER_DAYS boolean False advanced
NAME string 'Processing'
LOAD boolean True
HOST string None optional advanced
OUTPUT folderDestination None
REPLACE boolean False advanced
OUTPUT outputFolder
MAPS outputMultilayer
JOB outputString
""", "comparestations": """
REGION string 'sample'
STATIONS string None optional
START datetime None
END datetime None optional
DEPTHS enum [0, 1]
HOST string None optional advanced
OUTPUT folderDestination None
REPLACE boolean False advanced
OUTPUT outputFolder
TABLE outputFile
METRICS outputFile
JOB outputString
""", "comparesmap": """
MAP raster None
SMAP file None optional
CELLS sink None
CELLS outputVector
RECOMMENDED_CELLS outputNumber
RECOMMENDED_CELL_DAYS outputNumber
RECOMMENDED_BIAS outputNumber
RECOMMENDED_MAE outputNumber
RECOMMENDED_UBRMSD_IN_TIME outputNumber
RECOMMENDED_R_IN_TIME outputNumber
RECOMMENDED_R_IN_SPACE outputNumber
FLAGGED_CELLS outputNumber
FLAGGED_CELL_DAYS outputNumber
FLAGGED_BIAS outputNumber
FLAGGED_MAE outputNumber
FLAGGED_UBRMSD_IN_TIME outputNumber
FLAGGED_R_IN_TIME outputNumber
FLAGGED_R_IN_SPACE outputNumber
""", "exportmaps": """
MAPS multilayer None
CRS crs None optional
RESOLUTION number 30.0
SOIL_UNIT enum 0
WATER_UNIT enum 0
INTERVAL boolean True
TABLES enum [0] optional
OUTLINES enum [] optional
REPORTS boolean False
WRITE_MAPS boolean True advanced
DRIER_THAN number None optional advanced
EMPTIER_THAN number None optional advanced
OUTPUT folderDestination None
REPLACE boolean False advanced
OUTPUT outputFolder
FILES outputNumber
LEFT_OUT outputNumber
"""}
