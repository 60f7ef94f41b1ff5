"""The panel of the user's own readings beside a map: scatter, figures, residuals on the map."""
