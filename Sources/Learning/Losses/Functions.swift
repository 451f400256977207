import Glibc

// The C library's, under names that say what they are: the same bits for the same input on one machine.

func exponential(_ x: Float) -> Float { expf(x) }

func logarithm(_ x: Float) -> Float { logf(x) }

func logarithmOfOnePlus(_ x: Float) -> Float { log1pf(x) }

func cosine(_ x: Double) -> Double { cos(x) }

func sine(_ x: Double) -> Double { sin(x) }
