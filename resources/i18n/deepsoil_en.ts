<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
  <context>
    <name>@default</name>
    <message numerus="yes">
      <source>Cancelled. %n finished result(s) kept</source>
      <translation>
        <numerusform>Cancelled. %n finished result kept</numerusform>
        <numerusform>Cancelled. %n finished results kept</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>blocks of %n day(s)</source>
      <translation>
        <numerusform>blocks of %n day</numerusform>
        <numerusform>blocks of %n days</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Exporting %n soil moisture map(s)</source>
      <translation>
        <numerusform>Exporting %n soil moisture map</numerusform>
        <numerusform>Exporting %n soil moisture maps</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n day(s) around the date of the map</source>
      <translation>
        <numerusform>%n day around the date of the map</numerusform>
        <numerusform>%n days around the date of the map</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n day(s)</source>
      <translation>
        <numerusform>%n day</numerusform>
        <numerusform>%n days</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>about %n second(s)</source>
      <translation>
        <numerusform>about %n second</numerusform>
        <numerusform>about %n seconds</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>about %n minute(s)</source>
      <translation>
        <numerusform>about %n minute</numerusform>
        <numerusform>about %n minutes</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>about %n hour(s)</source>
      <translation>
        <numerusform>about %n hour</numerusform>
        <numerusform>about %n hours</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n warning(s): see the list of jobs.</source>
      <translation>
        <numerusform>%n warning: see the list of jobs.</numerusform>
        <numerusform>%n warnings: see the list of jobs.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{0} and %n more</source>
      <translation>
        <numerusform>{0} and %n more</numerusform>
        <numerusform>{0} and %n more</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n field(s), {0}</source>
      <translation>
        <numerusform>%n field, {0}</numerusform>
        <numerusform>%n fields, {0}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{0} already contains %n file(s) with the same name. Replace or keep both? If both are kept, the new files get a number.</source>
      <translation>
        <numerusform>{0} already contains %n file with the same name. Replace or keep both? If both are kept, the new files get a number.</numerusform>
        <numerusform>{0} already contains %n files with the same name. Replace or keep both? If both are kept, the new files get a number.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n probe(s)</source>
      <translation>
        <numerusform>%n probe</numerusform>
        <numerusform>%n probes</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n daily mean(s)</source>
      <translation>
        <numerusform>%n daily mean</numerusform>
        <numerusform>%n daily means</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n cell(s) without a value.</source>
      <translation>
        <numerusform>%n cell without a value.</numerusform>
        <numerusform>%n cells without a value.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n value(s) refused:</source>
      <translation>
        <numerusform>%n value refused:</numerusform>
        <numerusform>%n values refused:</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n value(s)</source>
      <translation>
        <numerusform>%n value</numerusform>
        <numerusform>%n values</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n own reading(s) of {0}</source>
      <translation>
        <numerusform>%n own reading of {0}</numerusform>
        <numerusform>%n own readings of {0}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{0}, {1}, from %n archive(s)</source>
      <translation>
        <numerusform>{0}, {1}, from %n archive</numerusform>
        <numerusform>{0}, {1}, from %n archives</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n measured soil layer(s), {0}–{1} cm</source>
      <translation>
        <numerusform>%n measured soil layer, {0}–{1} cm</numerusform>
        <numerusform>%n measured soil layers, {0}–{1} cm</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Continue: make only the maps that are missing; %n finished map(s) stay</source>
      <translation>
        <numerusform>Continue: make only the maps that are missing; %n finished map stay</numerusform>
        <numerusform>Continue: make only the maps that are missing; %n finished maps stay</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n file(s) are in {0}.</source>
      <translation>
        <numerusform>%n file are in {0}.</numerusform>
        <numerusform>%n files are in {0}.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n map(s) were left out:</source>
      <translation>
        <numerusform>%n map were left out:</numerusform>
        <numerusform>%n maps were left out:</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Still to be said of %n file(s).</source>
      <translation>
        <numerusform>Still to be said of %n file.</numerusform>
        <numerusform>Still to be said of %n files.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n day(s) of forecast, from {0}</source>
      <translation>
        <numerusform>%n day of forecast, from {0}</numerusform>
        <numerusform>%n days of forecast, from {0}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n pixel(s)</source>
      <translation>
        <numerusform>%n pixel</numerusform>
        <numerusform>%n pixels</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n field(s) beyond the limit.</source>
      <translation>
        <numerusform>%n field beyond the limit.</numerusform>
        <numerusform>%n fields beyond the limit.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n field(s) without figures; the table says why.</source>
      <translation>
        <numerusform>%n field without figures; the table says why.</numerusform>
        <numerusform>%n fields without figures; the table says why.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>no reading in %n day(s)</source>
      <translation>
        <numerusform>no reading in %n day</numerusform>
        <numerusform>no reading in %n days</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>DatesSection</name>
    <message numerus="yes">
      <source>%n day(s)</source>
      <translation>
        <numerusform>%n day</numerusform>
        <numerusform>%n days</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>DeepSoilDock</name>
    <message numerus="yes">
      <source>Remove {0}? %n result(s) will be deleted on {1} and on this computer.</source>
      <translation>
        <numerusform>Remove {0}? %n result will be deleted on {1} and on this computer.</numerusform>
        <numerusform>Remove {0}? %n results will be deleted on {1} and on this computer.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Remove {0}? %n result(s) will be deleted from this computer.</source>
      <translation>
        <numerusform>Remove {0}? %n result will be deleted from this computer.</numerusform>
        <numerusform>Remove {0}? %n results will be deleted from this computer.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>EngineClient</name>
    <message numerus="yes">
      <source>It was started %n time(s).</source>
      <translation>
        <numerusform>It was started %n time.</numerusform>
        <numerusform>It was started %n times.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ExportDialog</name>
    <message numerus="yes">
      <source>%n map(s)</source>
      <translation>
        <numerusform>%n map</numerusform>
        <numerusform>%n maps</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ReadingsSection</name>
    <message numerus="yes">
      <source>Let the maps rest on the readings of the region's %n station(s)</source>
      <translation>
        <numerusform>Let the maps rest on the readings of the region's %n station</numerusform>
        <numerusform>Let the maps rest on the readings of the region's %n stations</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ReadingsWindow</name>
    <message numerus="yes">
      <source>{0}: %n daily mean(s) of {1}</source>
      <translation>
        <numerusform>{0}: %n daily mean of {1}</numerusform>
        <numerusform>{0}: %n daily means of {1}</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ResultLayers</name>
    <message numerus="yes">
      <source>{0} and %n more</source>
      <translation>
        <numerusform>{0} and %n more</numerusform>
        <numerusform>{0} and %n more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>Session</name>
    <message numerus="yes">
      <source>%n job(s) ended while QGIS was closed.</source>
      <translation>
        <numerusform>%n job ended while QGIS was closed.</numerusform>
        <numerusform>%n jobs ended while QGIS was closed.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Left out, because damaged or not a request for maps: %n job(s) of the project file.</source>
      <translation>
        <numerusform>Left out, because damaged or not a request for maps: %n job of the project file.</numerusform>
        <numerusform>Left out, because damaged or not a request for maps: %n jobs of the project file.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>TrainingDialog</name>
    <message numerus="yes">
      <source>Train %n model(s)</source>
      <translation>
        <numerusform>Train %n model</numerusform>
        <numerusform>Train %n models</numerusform>
      </translation>
    </message>
  </context>
</TS>
