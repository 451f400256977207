import Foundation
import Imaging
import NeuralNetworks
import Slides
import Testing

/// The expected figures come from a separate implementation of the published methods in NumPy, on the same pixels.
@Suite struct NormalisationTests {
    /// 6,000 pixels of two stains in many strengths, with a little noise.
    static let stained: RGBImage = {
        func unit(_ vector: [Double]) -> [Double] {
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { $0 / length }
        }
        let hematoxylin = unit([0.65, 0.70, 0.29])
        let eosin = unit([0.07, 0.99, 0.11])
        var pixels: [UInt8] = []
        for index in 0..<6_000 {
            let strengths = (Double((index * 37) % 101) / 100 * 1.6, Double((index * 53) % 97) / 96 * 1.1)
            for channel in 0..<3 {
                let density = strengths.0 * hematoxylin[channel] + strengths.1 * eosin[channel]
                let noise = Double((index * 29 + channel * 11) % 7 - 3)
                pixels.append(UInt8(min(255, max(0, (240 * exp(-density) + noise + 0.5).rounded(.down)))))
            }
        }
        return RGBImage(width: 100, height: 60, pixels: pixels)
    }()

    private func pixel(_ image: RGBImage, _ index: Int) -> [Double] {
        image.pixels[3 * index..<3 * index + 3].map(Double.init)
    }

    @Test func scaleAndMeanStdMakePlanesOfNumbers() throws {
        let image = RGBImage(width: 2, height: 1, pixels: [0, 51, 255, 102, 153, 204])
        let scale = try Normalisation([NormalisationStep(name: "scale")]).fitted(to: nil)
        let tensor = scale.tensor(of: [image, image])
        #expect(tensor.shape == [2, 3, 1, 2])
        let scaled = try #require(tensor.floats)
        #expect(
            zip(scaled, [0, 0.4, 0.2, 0.6, 1, 0.8] + [0, 0.4, 0.2, 0.6, 1, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
        let step = try NormalisationStep(name: "mean-std", parameters: ["mean": [0.5, 0.2, 0], "std": [0.5]])
        let standard = try #require(try Normalisation([step]).fitted(to: nil).tensor(of: [image]).floats)
        #expect(zip(standard, [-1, -0.2, 0, 0.8, 2, 1.6]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func percentilesOfTheTissueBecomeZeroAndOne() throws {
        let step = try NormalisationStep(name: "percentile", parameters: ["low": [1], "high": [99]])
        let fitted = try Normalisation([step]).fitted(to: TissueSample(Self.stained))
        let ramp = RGBImage(width: 3, height: 1, pixels: [81, 30, 138, 232, 209, 233, 0, 255, 179])
        let values = try #require(fitted.tensor(of: [ramp]).floats)
        let expected: [Double] = [0, 1, 0, 0, 1, 1, (138 - 137.99) / 95.01, 1, (179 - 137.99) / 95.01]
        #expect(zip(values, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }

    @Test func macenkoFindsTheStains() throws {
        let profile = try #require(StainProfile(of: TissueSample(Self.stained)))
        let expected: [(ChannelValues, [Double])] = [
            (profile.hematoxylin, [0.65698731, 0.69504614, 0.29202489]),
            (profile.eosin, [0.1817207, 0.97238755, 0.1464242]),
        ]
        for (found, numbers) in expected {
            #expect(zip([found.first, found.second, found.third], numbers).allSatisfy { abs($0 - $1) < 1e-4 })
        }
        #expect(zip(profile.maximumConcentrations, [1.49699954, 1.33652377]).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test(
        arguments: [
            (0, [237.4, 238.8, 239.8]), (1, [150.3, 100.8, 139.3]), (777, [107.4, 65.2, 108.9]),
            (2_500, [83.9, 38.7, 77.8]),
            (5_999, [104.4, 55.4, 96.8]),
        ] as [(Int, [Double])])
    func macenkoMovesColoursToTheReference(index: Int, expected: [Double]) throws {
        let normalisation = try Normalisation([
            NormalisationStep(name: "macenko"), NormalisationStep(name: "scale"),
        ])
        #expect(normalisation.needsEstimate)
        let fitted = normalisation.fitted(to: TissueSample(Self.stained))
        #expect(fitted.fallbacks.isEmpty)
        let normalised = fitted.colourNormalised(Self.stained)
        #expect(zip(pixel(normalised, index), expected).allSatisfy { abs($0 - $1) <= 1.2 })
    }

    @Test func reinhardGivesTheTissueTheTargetsStatistics() throws {
        let own = try #require(ReinhardStatistics(of: TissueSample(Self.stained)))
        #expect(abs(own.mean.first - 47.5058) < 0.01 && abs(own.standardDeviation.first - 14.3029) < 0.01)
        #expect(abs(own.mean.second - 39.8863) < 0.01 && abs(own.standardDeviation.second - 13.4641) < 0.01)
        #expect(abs(own.mean.third + 40.0130) < 0.01 && abs(own.standardDeviation.third - 9.4634) < 0.01)
        let fitted = try Normalisation([
            NormalisationStep(name: "reinhard", parameters: ["mean": [62, 24, -12], "std": [10, 6, 5]]),
            NormalisationStep(name: "scale"),
        ]).fitted(to: TissueSample(Self.stained))
        let result = try #require(ReinhardStatistics(of: TissueSample(fitted.colourNormalised(Self.stained))))
        #expect(abs(result.mean.first - 62) < 0.3 && abs(result.standardDeviation.first - 10) < 0.3)
        #expect(abs(result.mean.second - 24) < 0.3 && abs(result.standardDeviation.second - 6) < 0.3)
        #expect(abs(result.mean.third + 12) < 0.3 && abs(result.standardDeviation.third - 5) < 0.3)
    }

    @Test(arguments: ["macenko", "reinhard", "percentile"])
    func degenerateEstimatesFallBackAndSaySo(name: String) throws {
        let parameters: [String: [Double]] = name == "reinhard" ? ["mean": [50, 10, 0], "std": [10]] : [:]
        let step = try NormalisationStep(name: name, parameters: parameters)
        let last = try NormalisationStep(name: "scale")
        let normalisation = try Normalisation(name == "percentile" ? [step] : [step, last])
        let plain = try Normalisation([last]).fitted(to: nil).tensor(of: [Self.stained])
        let blank = TissueSample(RGBImage(width: 50, height: 50, red: 241, green: 240, blue: 242))
        for sample in [nil, blank] {
            let fitted = normalisation.fitted(to: sample)
            #expect(fitted.fallbacks.map(\.step) == [name])
            #expect(fitted.tensor(of: [Self.stained]) == plain)
        }
    }

    @Test(
        arguments: [
            ("mean-std", ["mean": [0.5]]), ("mean-std", ["mean": [0.5], "std": [0]]),
            ("mean-std", ["mean": [1, 2], "std": [1]]),
            ("scale", ["factr": [1]]), ("scale", ["factor": [.nan]]), ("percentile", ["low": [50], "high": [50]]),
            ("reinhard", [:]), ("macenko", ["eosin": [0.5626, 0.7201, 0.4062]]), ("vahadane", [:]),
        ] as [(String, [String: [Double]])])
    func wrongStepsAreRefused(name: String, parameters: [String: [Double]]) {
        #expect(throws: ImagingError.self) { try NormalisationStep(name: name, parameters: parameters) }
    }

    @Test func theLastStepMakesTheNumbers() throws {
        let scale = try NormalisationStep(name: "scale")
        let macenko = try NormalisationStep(name: "macenko")
        for steps in [[], [macenko], [scale, macenko], [scale, scale]] {
            #expect(throws: ImagingError.self) { try Normalisation(steps) }
        }
    }
}
