import NeuralNetworks
import Slides

/// Shows a picture as another camera might: exposure, contrast, gamma and white balance differ, and now and then it is out of
/// focus, or noisy.
struct CameraJitter: Sendable {
    /// Deviations, of gamma's logarithm, and of levels from 0 to 1.
    private static let deviation: (gamma: Float, gain: Float, balance: Float, offset: Float) = (0.2, 0.1, 0.06, 0.05)
    private static let chance: (blur: Float, noise: Float) = (0.15, 0.15)
    /// In pixels.
    private static let blurs: ClosedRange<Float> = 0.4...1.2
    private static let noises: ClosedRange<Float> = 0.005...0.04

    /// For each channel, what becomes of each level.
    private let levels: [[UInt8]]
    /// Weights of the pixel itself, and of those one, two, ... beside it; none where it is sharp.
    private let taps: [Float]
    private let noise: Float
    private let random: SplitMix64

    init(_ random: inout SplitMix64, strength: Float) {
        let gamma = exponential(Self.deviation.gamma * strength * random.nextDeviate())
        let gain = 1 + Self.deviation.gain * strength * random.nextDeviate()
        let balance = (0..<3).map { _ in Self.deviation.balance * strength * random.nextDeviate() }
        let offset = Self.deviation.offset * strength * random.nextDeviate()
        levels = balance.map { balance in
            (0..<256).map { level in
                let light = exponential(gamma * logarithm(max(Float(level) / 255, 1e-3)))
                let value = strength > 0 ? 255 * (light * (gain + balance) + offset) : Float(level)
                return UInt8(min(255, max(0, value.rounded())))
            }
        }
        func drawn(_ chance: Float, _ range: ClosedRange<Float>) -> Float {
            let isDrawn = random.nextFraction() < chance * min(1, strength)
            let value = range.lowerBound + (range.upperBound - range.lowerBound) * random.nextFraction()
            return isDrawn ? value : 0
        }
        let blur = drawn(Self.chance.blur, Self.blurs)
        let weights = (0...3).map { blur > 0 ? exponential(-Float($0 * $0) / (2 * blur * blur)) : 0 }
        let sum = weights[0] + 2 * weights.dropFirst().reduce(0, +)
        taps = blur > 0 ? weights.map { $0 / sum } : []
        noise = 255 * drawn(Self.chance.noise, Self.noises)
        self.random = SplitMix64(seed: random.next())
    }

    func applied(to image: RGBImage) -> RGBImage {
        var pixels = image.pixels
        for index in pixels.indices { pixels[index] = levels[index % 3][Int(pixels[index])] }
        if !taps.isEmpty {
            let (row, column) = (3 * image.width, 3)
            pixels = blurred(pixels, along: column, length: image.width, across: row, count: image.height)
            pixels = blurred(pixels, along: row, length: image.height, across: column, count: image.width)
        }
        if noise > 0 {
            var random = random
            for index in pixels.indices {
                pixels[index] = UInt8(min(255, max(0, (Float(pixels[index]) + noise * random.nextDeviate()).rounded())))
            }
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }

    /// Along one side; the pixels at its ends go on outside.
    ///
    /// - Parameters:
    ///   - step: samples from a pixel to the next one along the side, of `length` pixels.
    ///   - stride: samples from a line to the next of the `count`.
    private func blurred(
        _ pixels: [UInt8], along step: Int, length: Int, across stride: Int, count: Int
    ) -> [UInt8] {
        var result = pixels
        for line in 0..<count {
            for channel in 0..<3 {
                let start = line * stride + channel
                for place in 0..<length {
                    var sum = taps[0] * Float(pixels[start + place * step])
                    for distance in 1..<taps.count {
                        let (before, after) = (max(0, place - distance), min(length - 1, place + distance))
                        sum +=
                            taps[distance]
                            * (Float(pixels[start + before * step]) + Float(pixels[start + after * step]))
                    }
                    result[start + place * step] = UInt8(min(255, sum.rounded()))
                }
            }
        }
        return result
    }
}
