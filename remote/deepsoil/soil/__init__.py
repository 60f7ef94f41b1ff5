"""Soil physics: retention, pedotransfer, the soil column. No torch (except `retention_torch`), no Qt, no network."""
