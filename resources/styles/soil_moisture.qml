<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- DeepSoil's look of soil moisture in m³/m³, for products opened without DeepSoil. The colours stand in map/style.py. -->
<qgis version="3.40.0" styleCategories="Symbology">
  <pipe>
    <provider>
      <resampling enabled="false" zoomedInResamplingMethod="nearestNeighbour" zoomedOutResamplingMethod="nearestNeighbour" maxOversampling="2"/>
    </provider>
    <rasterrenderer type="singlebandpseudocolor" band="1" classificationMin="0.05" classificationMax="0.45" alphaBand="-1" opacity="1" nodataColor="">
      <minMaxOrigin>
        <limits>None</limits>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" minimumValue="0.05" maximumValue="0.45" clip="0" labelPrecision="2">
          <item value="0.04995" label="below 0.05 m³/m³ · very dry" color="#3a1f05" alpha="255"/>
          <item value="0.05" label="0.05 m³/m³" color="#7d4a12" alpha="255"/>
          <item value="0.1" label="0.10 m³/m³" color="#b0772a" alpha="255"/>
          <item value="0.15" label="0.15 m³/m³" color="#d1a75d" alpha="255"/>
          <item value="0.2" label="0.20 m³/m³" color="#e7ce98" alpha="255"/>
          <item value="0.25" label="0.25 m³/m³" color="#f4ecd4" alpha="255"/>
          <item value="0.3" label="0.30 m³/m³" color="#aedacd" alpha="255"/>
          <item value="0.35" label="0.35 m³/m³" color="#57b2ab" alpha="255"/>
          <item value="0.4" label="0.40 m³/m³" color="#197d86" alpha="255"/>
          <item value="0.45" label="0.45 m³/m³" color="#0a5570" alpha="255"/>
          <item value="0.45005" label="above 0.45 m³/m³ · saturated" color="#1b2a8c" alpha="255"/>
          <rampLegendSettings useContinuousLegend="0"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <rasterresampler maxOversampling="2"/>
    <resamplingStage>resamplingFilter</resamplingStage>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
