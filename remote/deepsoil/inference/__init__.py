"""From a polygon, dates and a model to products: windows with a halo → network → Cloud-Optimised GeoTIFF."""
