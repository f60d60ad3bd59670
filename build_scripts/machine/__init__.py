"""The handbook for other programs: data, the wheel, frames, Markdown, a server for assistants, and print."""
