"""The music maker: a hum as music, and two songs that keep its tune. numpy in, numpy and files out."""
