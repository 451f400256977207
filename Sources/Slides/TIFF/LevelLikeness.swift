import TIFF

/// Whether a page that does not say what it is shows another one at a lower resolution, or another section that happens to be a
/// half, a quarter, ... as large.
///
/// Where the smaller one has most structure, it is held against the pixels of the larger that would lie there: means of them, and
/// one of each, for writers that take one. Of what shows the same, brightness goes together within a window; of two sections it
/// does not.
struct LevelLikeness {
    private let reader: TIFFReader
    private let base, level: TIFFDirectory
    private let factor: Int
    /// Of a window of the smaller page.
    private let side: Int

    /// A window of the larger page is no wider, in pixels, unless the pages are very different.
    private static let widest = 512
    private static let usualSide = 32
    private static let leastSide = 8
    /// Places that are looked at along each side, and how many of them are compared.
    private static let places = 8
    private static let compared = 12
    /// Correlation: of sections some 0.1 by chance, of a page and its reduction 0.5 and more.
    private static let least = 0.3
    /// Of a pixel's brightness, below which nothing is to be seen: sums of three channels, squared.
    private static let leastVariance = 9.0
    /// Strips of a larger page may have to be read whole for each window.
    private static let mostStripPixels = 1 << 27

    init?(of level: TIFFDirectory, in base: TIFFDirectory, _ reader: TIFFReader) {
        let factor = base.displayedWidth / max(1, level.displayedWidth)
        let smallest = min(level.displayedWidth, level.displayedHeight)
        let side = min(Self.usualSide, max(Self.leastSide, Self.widest / max(1, factor)), smallest)
        guard factor >= 2, factor <= 64, side > 1 else { return nil }
        if case .strips = base.organisation {
            guard
                base.displayedWidth.multipliedReportingOverflow(by: base.displayedHeight).partialValue
                    <= Self.mostStripPixels
            else { return nil }
        }
        (self.reader, self.base, self.level, self.factor, self.side) = (reader, base, level, factor, side)
    }

    /// Nil where nothing tells: without structure, or where pixels cannot be read.
    var showsTheSame: Bool? {
        let windows = structuredWindows()
        var (means, samples) = (Correlation(), Correlation())
        for (x, y, brightness) in windows.prefix(Self.compared) {
            let (left, top) = (x * factor, y * factor)
            guard left + side * factor <= base.displayedWidth, top + side * factor <= base.displayedHeight,
                let whole = self.brightness(of: base, x: left, y: top, side: side * factor)
            else { continue }
            let wide = side * factor
            let averaged = (0..<side * side).map { index -> Float in
                let (row, column) = index.quotientAndRemainder(dividingBy: side)
                var sum: Float = 0
                for y in row * factor..<(row + 1) * factor {
                    for x in column * factor..<(column + 1) * factor { sum += whole[y * wide + x] }
                }
                return sum / Float(factor * factor)
            }
            for offset in [0, factor / 2] {
                let picked = (0..<side * side).map { index -> Float in
                    let (row, column) = index.quotientAndRemainder(dividingBy: side)
                    return whole[(row * factor + offset) * wide + column * factor + offset]
                }
                samples.add(brightness, picked)
            }
            means.add(brightness, averaged)
        }
        guard let first = means.value, let second = samples.value else { return nil }
        return max(first, second) >= Self.least
    }

    /// Windows of the smaller page, those of the greatest contrast first.
    private func structuredWindows() -> [(x: Int, y: Int, brightness: [Float])] {
        var windows: [(x: Int, y: Int, brightness: [Float], variance: Double)] = []
        func place(_ index: Int, _ length: Int) -> Int { (length - side) * index / (Self.places - 1) }
        for row in 0..<Self.places {
            for column in 0..<Self.places {
                let (x, y) = (place(column, level.displayedWidth), place(row, level.displayedHeight))
                guard let brightness = brightness(of: level, x: x, y: y, side: side) else { return [] }
                var contrast = Correlation()
                contrast.add(brightness, brightness)
                let variance = contrast.covariance / Double(side * side)
                if variance >= Self.leastVariance { windows.append((x, y, brightness, variance)) }
            }
        }
        return windows.sorted { ($0.variance, $1.y, $1.x) > ($1.variance, $0.y, $0.x) }.map {
            ($0.x, $0.y, $0.brightness)
        }
    }

    /// Sums of three channels, `[side, side]`.
    private func brightness(of directory: TIFFDirectory, x: Int, y: Int, side: Int) -> [Float]? {
        let window = PixelWindow(x: x, y: y, width: side, height: side)
        guard let pixels = try? reader.readRGB(directory, window: window) else { return nil }
        return stride(from: 0, to: pixels.bytes.count, by: 3).map { first in
            pixels.bytes[first..<first + 3].reduce(0) { $0 + Float($1) }
        }
    }
}

/// Of pairs of numbers, each window's about its own means.
private struct Correlation {
    private(set) var covariance = 0.0
    private var (first, second) = (0.0, 0.0)

    mutating func add(_ numbers: [Float], _ others: [Float]) {
        func mean(_ numbers: [Float]) -> Double {
            numbers.reduce(0.0) { $0 + Double($1) } / Double(max(1, numbers.count))
        }
        let (mean, otherMean) = (mean(numbers), mean(others))
        for (number, other) in zip(numbers, others) {
            let (one, two) = (Double(number) - mean, Double(other) - otherMean)
            covariance += one * two
            first += one * one
            second += two * two
        }
    }

    /// Nil where nothing varies.
    var value: Double? { first > 0 && second > 0 ? covariance / (first * second).squareRoot() : nil }
}
