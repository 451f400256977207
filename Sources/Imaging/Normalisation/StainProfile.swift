import Foundation

/// The two stains of an H&E scan: their colours and how strong they get.
public struct StainProfile: Sendable, Hashable {
    /// Optical densities of red, green and blue at unit strength: vectors of length 1.
    public let hematoxylin: ChannelValues
    public let eosin: ChannelValues
    /// The 99th percentile of the strength of hematoxylin and of eosin.
    public let maximumConcentrations: [Double]

    /// The least angle between two stains, in radians: about 3 degrees.
    private static let leastAngle = 0.05

    /// Nil where the two vectors are not two different directions, or a strength is not positive.
    public init?(hematoxylin: ChannelValues, eosin: ChannelValues, maximumConcentrations: [Double]) {
        guard let first = hematoxylin.normalised, let second = eosin.normalised,
            abs(first.dot(second)) < cos(Self.leastAngle), maximumConcentrations.count == 2,
            maximumConcentrations.allSatisfy({ $0 > 0 && $0.isFinite })
        else { return nil }
        self.hematoxylin = first
        self.eosin = second
        self.maximumConcentrations = maximumConcentrations
    }

    /// The reference of Macenko et al.'s published program.
    public static let reference = StainProfile(
        unitHematoxylin: ChannelValues(0.5626, 0.7201, 0.4062), unitEosin: ChannelValues(0.2159, 0.8012, 0.5581),
        maximumConcentrations: [1.9705, 1.0308])

    /// Hematoxylin and eosin as Ruifrok and Johnston measured them (2001).
    static let ruifrok = StainProfile(
        unitHematoxylin: ChannelValues(0.6500, 0.7040, 0.2860), unitEosin: ChannelValues(0.0721, 0.9900, 0.1052),
        maximumConcentrations: [1, 1])

    private init(unitHematoxylin: ChannelValues, unitEosin: ChannelValues, maximumConcentrations: [Double]) {
        hematoxylin = unitHematoxylin
        eosin = unitEosin
        self.maximumConcentrations = maximumConcentrations
    }

    /// The stains of a sample by Macenko's method: the extreme directions (1st and 99th percentile) in the plane of the two
    /// principal components of what is not nearly clear (an optical density of 0.15 in every channel).
    ///
    /// Nil where there are too few such pixels, or no two directions.
    public init?(of sample: TissueSample) {
        let densities = Self.densities(of: sample)
        let stained = densities.filter { $0.all.allSatisfy { $0 >= 0.15 } }
        guard stained.count >= 100 else { return nil }
        let (first, second) = PrincipalPlane.spanned(by: stained)
        let angles = stained.map { Float(atan2($0.dot(second), $0.dot(first))) }.sorted()
        func direction(percent: Double) -> ChannelValues {
            let angle = Percentile.of(sorted: angles, percent)
            return first.scaled(by: cos(angle)).adding(second.scaled(by: sin(angle)))
        }
        let extremes = [direction(percent: 1), direction(percent: 99)]
        // Hematoxylin takes more of the red.
        let (hematoxylin, eosin) =
            extremes[0].first > extremes[1].first ? (extremes[0], extremes[1]) : (extremes[1], extremes[0])
        guard
            let unscaled = StainProfile(hematoxylin: hematoxylin, eosin: eosin, maximumConcentrations: [1, 1])
        else { return nil }
        let strengths = unscaled.maximumConcentrations(in: densities)
        self.init(hematoxylin: hematoxylin, eosin: eosin, maximumConcentrations: strengths)
    }

    /// The matrix `[2, 3]` from optical densities to strengths: the pseudo-inverse of the two vectors.
    var unmixing: [Double] {
        let (h, e) = (hematoxylin, eosin)
        let (hh, ee, he) = (h.dot(h), e.dot(e), h.dot(e))
        let determinant = hh * ee - he * he
        let forH = h.scaled(by: ee / determinant).adding(e.scaled(by: -he / determinant))
        let forE = e.scaled(by: hh / determinant).adding(h.scaled(by: -he / determinant))
        return forH.all + forE.all
    }

    private func maximumConcentrations(in densities: [ChannelValues]) -> [Double] {
        let unmixing = unmixing
        return (0..<2).map { stain in
            let row = ChannelValues(unmixing[3 * stain], unmixing[3 * stain + 1], unmixing[3 * stain + 2])
            return Percentile.of(sorted: densities.map { Float($0.dot(row)) }.sorted(), 99)
        }
    }

    private static func densities(of sample: TissueSample) -> [ChannelValues] {
        let table = OpticalDensity.ofValue
        return stride(from: 0, to: sample.pixels.count, by: 3).map { index in
            ChannelValues(
                Double(table[Int(sample.pixels[index])]), Double(table[Int(sample.pixels[index + 1])]),
                Double(table[Int(sample.pixels[index + 2])]))
        }
    }
}
