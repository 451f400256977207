import NeuralNetworks
import Slides

/// Where a scan has tissue.
public enum TissueExtent: Equatable, Sendable {
    case everywhere
    /// Bare glass.
    case nowhere
    /// All but a strip along a wavy line across the scan.
    case edge
    /// Pieces with ragged outlines on glass, clear of the scan's border, that take up about this share of it: as near as a
    /// level of a smooth random field comes.
    case pieces(share: Double)
}

/// The outline of the tissue as a field of signed distances (about, in micrometres): positive within.
struct Tissue: Sendable {
    let extent: TissueExtent
    private let size: Vector
    private let coarse: NoiseTexture
    private let level: Double
    private let edge: (normal: Vector, offset: Double)
    /// Wavelength of the pieces.
    private let wavelength: Double

    init(extent: TissueExtent, seed: UInt64, size: Vector) {
        self.extent = extent
        self.size = size
        coarse = NoiseTexture(seed: seed, layer: 3)
        var random = SplitMix64(seed: seed, purpose: .tissue)
        edge = (random.direction(), random.uniform(0.05...0.3) * min(size.x, size.y))
        wavelength = max(300, min(size.x, size.y, 12_000) / 2.5)
        level =
            if case .pieces(let share) = extent {
                Self.level(ofShare: share, field: coarse, size: size, wavelength: wavelength)
            } else {
                0
            }
    }

    /// Bare glass along the scan's border, in micrometres.
    private static let margin = 40.0
    /// Points along a side at which the field is looked at to find its level.
    private static let probes = 128

    /// What the field exceeds on so large a share of the scan, the margin left out.
    private static func level(ofShare share: Double, field: NoiseTexture, size: Vector, wavelength: Double) -> Double {
        var values: [Double] = []
        for row in 0..<probes {
            for column in 0..<probes {
                let place = Vector(
                    x: (Double(column) + 0.5) / Double(probes) * size.x,
                    y: (Double(row) + 0.5) / Double(probes) * size.y)
                guard min(place.x, place.y, size.x - place.x, size.y - place.y) > margin else { continue }
                values.append(value(of: field, at: place, wavelength: wavelength))
            }
        }
        values.sort(by: >)
        let wanted = Int((share * Double(probes * probes)).rounded())
        return wanted < values.count ? values[wanted] : -1
    }

    private static func value(of field: NoiseTexture, at place: Vector, wavelength: Double) -> Double {
        Double(field.value(x: place.x / wavelength + 0.37, y: place.y / wavelength + 0.71))
    }

    func depth(at place: Vector) -> Double {
        switch extent {
        case .everywhere: return .infinity
        case .nowhere: return -.infinity
        case .edge:
            let shorter = min(size.x, size.y)
            let wave = Double(coarse.value(x: place.x * 1.7 / shorter, y: place.y * 1.7 / shorter)) * shorter * 0.15
            return (place - size / 2).dot(edge.normal) + edge.offset + wave + ragged(at: place)
        case .pieces:
            let border = min(place.x, place.y, size.x - place.x, size.y - place.y) - Self.margin
            let piece = Self.value(of: coarse, at: place, wavelength: wavelength)
            return min(border, (piece - level) * wavelength * 0.6) + ragged(at: place)
        }
    }

    /// Micrometres by which the outline strays from its smooth course.
    private func ragged(at place: Vector) -> Double {
        Double(coarse.value(x: place.x / 170, y: place.y / 170)) * 25
    }

    /// Whether all points lie well within the tissue.
    func holds(_ points: [Vector]) -> Bool {
        points.allSatisfy { depth(at: $0) > 6 }
    }

    func cover(of window: PixelWindow, spacing: Double) -> TissueCover {
        switch extent {
        case .everywhere: return .tissue
        case .nowhere: return .glass
        case .edge, .pieces: break
        }
        let grid = DepthGrid(of: self, window: window, spacing: spacing)
        if grid.largest <= 0 { return .glass }
        return grid.smallest > spacing ? .tissue : .mixed(grid)
    }
}

/// What a window holds of the tissue.
enum TissueCover: Sendable {
    case glass
    case tissue
    case mixed(DepthGrid)

    func contains(_ place: Vector) -> Bool {
        switch self {
        case .glass: false
        case .tissue: true
        case .mixed(let grid): grid.depth(at: place) > 2
        }
    }

    /// The share of a pixel that is tissue.
    @inline(__always)
    func share(at place: Vector, spacing: Double) -> Float {
        switch self {
        case .glass: 0
        case .tissue: 1
        case .mixed(let grid): Float(max(0, min(1, grid.depth(at: place) / spacing)))
        }
    }
}
