"""Soil physics: retention, pedotransfer, the soil column. No torch, no Qt, no network."""
