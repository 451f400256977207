import Glibc

/// Places of a picture by which it is known again when it was turned, mirrored, cropped, scaled, stained or compressed otherwise:
/// scale-invariant features (Lowe, IJCV 60, 2004), of brightness alone.
public struct Landmarks: Sendable {
    struct Place: Sendable {
        /// In pixels of ``width`` and ``height``.
        let x: Float
        let y: Float
        /// Of the smoothing at which it stands out, in the same pixels.
        let scale: Float
        /// Of the steepest way up, clockwise on the screen from the right.
        let angle: Float
    }

    /// Of the picture as it was looked at.
    let width: Float
    let height: Float
    /// The most striking first.
    let places: [Place]
    /// `[N, dimension]`: directions of the brightness around each place, in directions of its own; of about
    /// ``LandmarkDescriptor/length``.
    let descriptors: [Int8]

    static let dimension = LandmarkDescriptor.dimension
    /// Pixels of the longer side that a picture is looked at with.
    private static let side: Float = 512

    /// Some 0.1 s of one core.
    public init(of picture: GreyImage) {
        // Never more than doubled: there is no more to see.
        let scale = min(2, Self.side / Float(max(picture.width, picture.height)))
        width = Float(picture.width) * scale
        height = Float(picture.height) * scale
        var (places, descriptors): ([Place], [Int8]) = ([], [])
        if let plane = BrightnessPlane(picture, scale: scale) {
            let space = ScaleSpace(plane)
            for extremum in space.extrema {
                let scale = space.scales[extremum.scale]
                let reader = LandmarkDescriptor(scale.plane, x: extremum.x, y: extremum.y, sigma: scale.sigma)
                for angle in reader.angles() {
                    guard let descriptor = reader.descriptor(angle: angle) else { continue }
                    places.append(
                        Place(
                            x: Float(extremum.x) * scale.reduction, y: Float(extremum.y) * scale.reduction,
                            scale: scale.sigma * scale.reduction, angle: angle))
                    descriptors += descriptor
                }
            }
        }
        (self.places, self.descriptors) = (places, descriptors)
    }

    private init(width: Float, height: Float, places: [Place], descriptors: [Int8]) {
        (self.width, self.height, self.places, self.descriptors) = (width, height, places, descriptors)
    }

    public var count: Int { places.count }

    /// Those of the picture in a mirror that stands at its right edge.
    func mirrored() -> Landmarks {
        Landmarks(
            width: width, height: height,
            places: places.map { Place(x: width - $0.x, y: $0.y, scale: $0.scale, angle: .pi - $0.angle) },
            descriptors: places.indices.flatMap {
                LandmarkDescriptor.mirrored(descriptors[$0 * Self.dimension..<($0 + 1) * Self.dimension])
            })
    }
}
