"""Reports 申报: what families say themselves, by the door or the hotline, and what they say is wrong about them."""
