/// What the tissue of a class looks like: lengths in micrometres where a crypt is 80 um
/// across, shares in `0...1`, dye as optical density.
///
/// The figures are fitted by eye and by the masks to sections of EBHI-Seg and to the descriptions of the WHO
/// Classification of Tumours, Digestive System (5th edition, 2019).
struct Morphology: Sendable {
    var lattice: LatticePattern
    var outline: OutlinePattern
    var lumen: LumenPattern
    var goblets: GobletPattern
    var nuclei: NucleusPattern
    var epithelium: Dye
    var stroma: StromaPattern

    /// How glands lie beside each other.
    struct LatticePattern: Sendable {
        /// Distance between the centres of neighbouring glands.
        var pitch: Double
        /// How far a centre strays from its place, as a share of the pitch.
        var jitter: Double
        /// The share of places that hold a gland.
        var occupancy: Double
        /// The share of glands that have grown together with the one to their left.
        var fusion: Double
        /// How much longer than wide all glands are; drawn once a scan.
        var stretch: ClosedRange<Double>
        /// How strongly rows of glands wind; 0 is straight, 1 is tortuous.
        var tortuosity: Double
    }

    /// The border of one gland.
    struct OutlinePattern: Sendable {
        var diameter: ClosedRange<Double>
        /// The amplitude of the border's waves, as a share of the radius.
        var irregularity: Double
        /// The narrowest bridge of stroma between two glands.
        var gap: Double
    }

    struct LumenPattern: Sendable {
        enum Shape: Sendable {
            case round
            case slit
            case sawtooth(teeth: ClosedRange<Int>)
        }
        enum Content: Sendable {
            case mucus
            case debris
        }
        var shape: Shape
        var content: Content
        /// Its radius as a share of the gland's.
        var share: ClosedRange<Double>
        /// Further holes punched through the epithelium (cribriform growth).
        var holes: ClosedRange<Int>
    }

    struct GobletPattern: Sendable {
        /// The share of cells that are goblet cells.
        var share: Double
        /// Width of a goblet cell along the border.
        var width: Double
    }

    struct NucleusPattern: Sendable {
        /// Along the cell's axis.
        var length: Double
        var width: Double
        /// Distance of neighbours along the border, per layer.
        var spacing: Double
        var layers: Int
        /// How deep the nuclei reach into the epithelium: 0 at the base, 1 at the lumen.
        var depth: Double
        var haematoxylin: Double
        /// How much size, shape and axis vary.
        var pleomorphism: Double
    }

    struct StromaPattern: Sendable {
        /// The share of places (one a 7 um square) with a lymphocyte or plasma cell.
        var lymphocytes: Double
        var fibroblasts: Double
        /// How much of it is oedema: pale gaps between the fibres.
        var paleness: Double
        var eosin: Double
    }
}

/// Amounts of the two dyes at one place, as optical density at the dye's strongest wavelength.
struct Dye: Equatable, Sendable {
    var haematoxylin: Float
    var eosin: Float

    static let none = Dye(haematoxylin: 0, eosin: 0)
}
