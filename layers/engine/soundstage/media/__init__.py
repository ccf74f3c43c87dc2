"""Containers, codecs and pictures: ffmpeg as a program, encoding, YUV planes, typography."""
