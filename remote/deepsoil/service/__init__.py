"""The methods of the contract over JSON lines, and the list of regions."""
