import Glibc

/// A picture at ever coarser scales, and the places in it that differ most from what is around them (Lowe, "Distinctive Image
/// Features from Scale-Invariant Keypoints", IJCV 60, 2004, sections 3 and 4).
struct ScaleSpace {
    /// A place in one of the scales.
    struct Extremum {
        let scale: Int
        let x: Int
        let y: Int
        /// How much it differs, in standard deviations of the picture.
        let contrast: Float
    }

    /// One smoothed picture of the pyramid.
    struct Scale {
        let plane: BrightnessPlane
        /// Of the smoothing, in its own pixels.
        let sigma: Float
        /// Pixels of the finest scale for one of its own.
        let reduction: Float
    }

    private(set) var scales: [Scale] = []
    /// Of the finest scales first, and of these the strongest.
    private(set) var extrema: [Extremum] = []

    private static let scalesPerOctave = 3
    private static let finestSigma: Float = 1.6
    /// What smoothing a picture has anyway, once it was enlarged twice.
    private static let ownSigma: Float = 1
    private static let leastContrast: Float = 0.02
    /// The most that one principal curvature may be of the other, for what lies on an edge slides along it.
    private static let mostElongated: Float = 10
    private static let border = 8
    private static let octaves = 4
    /// Of the finest octave, and half as many of each that is coarser: a copy of half the size lacks the finest.
    private static let mostOfAnOctave = 110

    init(_ picture: BrightnessPlane) {
        let finest = Self.finestSigma
        var plane = picture.blurred(sigma: (finest * finest - Self.ownSigma * Self.ownSigma).squareRoot())
        for octave in 0..<Self.octaves {
            guard min(plane.width, plane.height) >= 3 * Self.border else { break }
            var planes = [plane]
            for step in 1...Self.scalesPerOctave + 2 {
                let (before, after) = (Self.sigma(step - 1), Self.sigma(step))
                planes.append(planes[step - 1].blurred(sigma: (after * after - before * before).squareRoot()))
            }
            let differences = (1..<planes.count).map { planes[$0].minus(planes[$0 - 1]) }
            var found: [Extremum] = []
            for step in 1...Self.scalesPerOctave {
                let scale = Scale(plane: planes[step], sigma: Self.sigma(step), reduction: Float(1 << octave))
                found += Self.extrema(
                    in: differences[step - 1], differences[step], differences[step + 1], scale: scales.count)
                scales.append(scale)
            }
            found.sort { $0.contrast > $1.contrast }
            extrema += found.prefix(Self.mostOfAnOctave >> octave)
            plane = planes[Self.scalesPerOctave].halved()
        }
    }

    private static func sigma(_ step: Int) -> Float { finestSigma * powf(2, Float(step) / Float(scalesPerOctave)) }

    private static func extrema(
        in finer: BrightnessPlane, _ own: BrightnessPlane, _ coarser: BrightnessPlane, scale: Int
    ) -> [Extremum] {
        var extrema: [Extremum] = []
        let width = own.width
        let around = [-width - 1, -width, -width + 1, -1, 0, 1, width - 1, width, width + 1]
        finer.values.withUnsafeBufferPointer { finer in
            own.values.withUnsafeBufferPointer { own in
                coarser.values.withUnsafeBufferPointer { coarser in
                    for y in border..<max(border, own.count / width - Self.border) {
                        for x in Self.border..<max(Self.border, width - Self.border) {
                            let place = y * width + x
                            let value = own[place]
                            guard abs(value) > Self.leastContrast else { continue }
                            // Of one sign: a minimum is a maximum of the negative.
                            let sign: Float = value < 0 ? -1 : 1
                            let isExtreme = around.allSatisfy { step in
                                let other = place + step
                                return finer[other] * sign < value * sign && coarser[other] * sign < value * sign
                                    && (step == 0 || own[other] * sign < value * sign)
                            }
                            guard isExtreme, Self.isCorner(own, place, width) else { continue }
                            extrema.append(Extremum(scale: scale, x: x, y: y, contrast: abs(value)))
                        }
                    }
                }
            }
        }
        return extrema
    }

    /// By the ratio of the principal curvatures (there, section 4.1).
    private static func isCorner(_ plane: UnsafeBufferPointer<Float>, _ place: Int, _ width: Int) -> Bool {
        let across = plane[place + 1] + plane[place - 1] - 2 * plane[place]
        let down = plane[place + width] + plane[place - width] - 2 * plane[place]
        let mixed =
            (plane[place + width + 1] + plane[place - width - 1] - plane[place - width + 1] - plane[place + width - 1])
            / 4
        let determinant = across * down - mixed * mixed
        let limit = (mostElongated + 1) * (mostElongated + 1) / mostElongated
        return determinant > 0 && (across + down) * (across + down) < limit * determinant
    }
}
