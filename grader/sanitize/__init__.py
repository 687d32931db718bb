"""What students wrote, made safe for every page that shows it."""
