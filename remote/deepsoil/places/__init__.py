"""Places other than this computer: what they are, how they are reached over SSH, and how the engine gets there."""
