import NeuralNetworks
import Slides

/// One scan as geometry: any window of it can be drawn alone and is, to the byte, the crop of the whole.
public struct Scene: Sendable {
    /// The spacing at which the drawn tissue is as high as that of EBHI-Seg, whose pixels are not square: they are photographs of
    /// 4:3 squeezed to squares, so that outlines cross rows of its masks 1.32 times as often along x as along y. Stretched
    /// back, the shorter axis of round, whole crypts of class Normal is 67 pixels in the median of 160; drawn ones are as
    /// large, and some 94 um across. In sections of two other hospitals, of 0.5 and 1.07 um/px, they measure 85 to 105 um.
    public static let trainingSpacing = 1.4

    /// The longest side, in micrometres, of a scan that is drawn whole: the numbers of its glands fit into 16 bits.
    public static let longestWholeSide = 12_000.0

    public let glandClass: GlandClass
    public let width: Int
    public let height: Int
    /// Micrometres per pixel.
    public let spacing: Double

    /// Side of a pixel in the lengths of ``Morphology``, which are those of a crypt 80 um across.
    private let pixel: Double
    private let morphology: Morphology
    private let lattice: Lattice
    private let fold: Fold
    private let stain: Stain
    private let stroma: StromaPainter
    private let painter: GlandPainter
    private let grain: Grain
    private let tissue: Tissue

    /// - Parameters:
    ///   - patient: the seed of what a patient's scans share: stain and the size of the glands.
    ///   - tissue: where there is tissue at all; elsewhere is glass.
    public init(
        seed: UInt64, patient: UInt64, glandClass: GlandClass, width: Int, height: Int,
        spacing: Double = Scene.trainingSpacing, tissue: TissueExtent = .everywhere
    ) {
        var random = SplitMix64(seed: patient, purpose: .patient)
        var morphology = Morphology.of(glandClass)
        let growth = random.uniform(0.85...1.15)
        morphology.lattice.pitch *= growth
        morphology.outline.diameter =
            morphology.outline.diameter.lowerBound * growth...morphology.outline.diameter.upperBound * growth
        self.glandClass = glandClass
        self.width = width
        self.height = height
        self.spacing = spacing
        pixel = spacing / 7 * 6
        self.morphology = morphology
        lattice = Lattice(seed: seed, pattern: morphology.lattice)
        fold = Fold(seed: seed, pattern: morphology.lattice)
        stain = Stain(random: &random)
        stroma = StromaPainter(seed: seed, pattern: morphology.stroma, spacing: pixel)
        painter = GlandPainter(seed: seed, morphology: morphology, fold: fold, spacing: pixel)
        grain = Grain(seed: seed)
        self.tissue = Tissue(
            extent: tissue, seed: seed,
            size: Vector(x: Double(width) * pixel, y: Double(height) * pixel))
    }

    /// The whole scan.
    public func draw() -> Drawing {
        draw(PixelWindow(x: 0, y: 0, width: width, height: height))
    }

    /// Cost: about 70 ns a pixel of tissue on one core, a few for glass.
    /// - Precondition: the window has pixels, and its sides are at most `longestWholeSide`.
    public func draw(_ window: PixelWindow) -> Drawing {
        precondition(window.width > 0 && window.height > 0, "a window has pixels")
        precondition(
            Double(max(window.width, window.height)) * spacing <= Self.longestWholeSide, "a window has countable glands"
        )
        let cover = tissue.cover(of: window, spacing: pixel)
        if case .glass = cover { return glass(window) }
        let positions = latticePositions(of: window)
        var canvas = Canvas(window: window)
        paintGround(on: &canvas, positions: positions)
        stroma.paintNuclei(on: &canvas) { cover.contains($0) }
        let lobes = glands(in: window)
        let roots = Set(lobes.map(\.gland.root)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(roots, 1...))
        for (gland, bounds) in lobes {
            let label = UInt16(numbers[gland.root] ?? 0)
            painter.paint(gland, label: label, bounds: bounds, positions: positions, on: &canvas)
        }
        return develop(canvas, roots: roots, cover: cover)
    }

    private func latticePositions(of window: PixelWindow) -> [Vector] {
        var positions: [Vector] = []
        positions.reserveCapacity(window.width * window.height)
        for row in window.y..<window.y + window.height {
            let y = (Double(row) + 0.5) * pixel
            let shift = fold.rowShift(y: y)
            for column in window.x..<window.x + window.width {
                positions.append(fold.lattice(x: (Double(column) + 0.5) * pixel, y: y, rowShift: shift))
            }
        }
        return positions
    }

    private func paintGround(on canvas: inout Canvas, positions: [Vector]) {
        let window = canvas.window
        for row in 0..<window.height {
            let y = (Double(window.y + row) + 0.5) * pixel
            for column in 0..<window.width {
                let index = row * window.width + column
                let place = Vector(x: (Double(window.x + column) + 0.5) * pixel, y: y)
                canvas.set(stroma.ground(slide: place, lattice: positions[index]), at: index)
            }
        }
    }

    /// The glands that may touch a window, in lattice order, each with the part of the window that it may touch.
    private func glands(in window: PixelWindow) -> [(gland: Gland, bounds: PixelWindow)] {
        let bend = Vector(x: fold.reach, y: fold.reach)
        let low = Vector(x: Double(window.x), y: Double(window.y)) * pixel - bend
        let high = Vector(x: Double(window.x + window.width), y: Double(window.y + window.height)) * pixel + bend
        let corners = fold.straightLattice(from: low, to: high)
        let reach = lattice.pattern.pitch * 1.5 * fold.largestStretch
        return lattice.cells(from: corners.low, to: corners.high).compactMap { cell in
            let centre = fold.slide(lattice.site(cell).centre)
            guard centre.x > low.x - reach, centre.y > low.y - reach, centre.x < high.x + reach,
                centre.y < high.y + reach,
                let gland = Gland(cell: cell, lattice: lattice, morphology: morphology)
            else { return nil }
            guard let bounds = pixelBounds(of: border(of: gland), within: window), isWithinTissue(gland) else {
                return nil
            }
            return (gland, bounds)
        }
    }

    private func border(of gland: Gland) -> [Vector] {
        zip(Ring.directions, gland.outline.radii).map { fold.slide(gland.centre + $0 * $1) }
    }

    /// A gland is drawn with all its lobes or not at all.
    private func isWithinTissue(_ gland: Gland) -> Bool {
        if case .everywhere = tissue.extent { return true }
        return gland.lobes.allSatisfy { cell in
            guard let lobe = Gland(cell: cell, lattice: lattice, morphology: morphology) else { return false }
            return tissue.holds(border(of: lobe))
        }
    }

    /// The pixels around a border, with a margin for the membrane and for the bends between its points.
    private func pixelBounds(of border: [Vector], within window: PixelWindow) -> PixelWindow? {
        let margin = 8.0
        let left = max(window.x, Int(((border.map(\.x).min() ?? 0) - margin) / pixel))
        let top = max(window.y, Int(((border.map(\.y).min() ?? 0) - margin) / pixel))
        let right = min(window.x + window.width, Int(((border.map(\.x).max() ?? 0) + margin) / pixel) + 1)
        let bottom = min(window.y + window.height, Int(((border.map(\.y).max() ?? 0) + margin) / pixel) + 1)
        guard left < right, top < bottom else { return nil }
        return PixelWindow(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// Turns dye into colour, and drops the glands that have no pixel here.
    private func develop(_ canvas: Canvas, roots: [LatticeCell], cover: TissueCover) -> Drawing {
        let window = canvas.window
        let colours = stain.colours
        var pixels: [UInt8] = []
        pixels.reserveCapacity(window.width * window.height * 3)
        var isSeen = [Bool](repeating: false, count: roots.count + 1)
        for row in 0..<window.height {
            for column in 0..<window.width {
                let index = row * window.width + column
                isSeen[Int(canvas.labels[index])] = true
                let place = Vector(
                    x: (Double(window.x + column) + 0.5) * pixel, y: (Double(window.y + row) + 0.5) * pixel)
                let share = cover.share(at: place, spacing: pixel)
                let noise = grain.value(x: window.x + column, y: window.y + row)
                let offset = stain.offset(
                    haematoxylin: (canvas.haematoxylin[index] + noise) * share,
                    eosin: (canvas.eosin[index] + noise) * share)
                pixels.append(colours[offset])
                pixels.append(colours[offset + 1])
                pixels.append(colours[offset + 2])
            }
        }
        var renumbered = [UInt16](repeating: 0, count: roots.count + 1)
        var seen: [LatticeCell] = []
        for (index, root) in roots.enumerated() where isSeen[index + 1] {
            seen.append(root)
            renumbered[index + 1] = UInt16(seen.count)
        }
        return Drawing(
            window: window, pixels: pixels, labels: canvas.labels.map { renumbered[Int($0)] }, glands: seen)
    }

    private func glass(_ window: PixelWindow) -> Drawing {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(window.width * window.height * 3)
        for _ in 0..<window.width * window.height {
            pixels.append(stain.glass.red)
            pixels.append(stain.glass.green)
            pixels.append(stain.glass.blue)
        }
        return Drawing(
            window: window, pixels: pixels, labels: Array(repeating: 0, count: window.width * window.height), glands: []
        )
    }
}
