import Findings
import Imaging
import Slides

/// The findings of two analyses of the same scan, held against each other.
///
/// Two regions are the same where the intersection over union of their pixels is at least 0.5; of several, the pair with
/// the larger share goes first. The first finding of an image as a whole corresponds to the other's.
public struct AnalysisComparison: Sendable, Hashable {
    /// In the order of the earlier findings; then those gained, in theirs.
    public let changes: [FindingChange]
    /// Findings that both have, with the same label and about the same confidence.
    public let unchanged: Int

    private static let minimumOverlap = 0.5

    /// - Parameter minimumShift: a confidence that differs by less is the same.
    /// - Throws: `unusableFinding` for a geometry that cannot be read.
    public init(
        before: [Finding], after: [Finding], minimumShift: Double
    ) throws(EvaluationError) {
        let (earlier, later) = (try Self.regions(before), try Self.regions(after))
        var partners = Self.pairs(earlier, later)
        for (first, finding) in before.enumerated() where finding.kind == .scan && partners[first] == nil {
            let second = after.firstIndex { $0.kind == .scan && $0.image == finding.image }
            if let second { partners[first] = (second, nil) }
        }
        var changes: [FindingChange] = []
        var unchanged = 0
        for (index, finding) in before.enumerated() {
            guard let (partner, overlap) = partners[index] else {
                changes.append(FindingChange(kind: .lost, before: finding, after: nil, overlap: nil))
                continue
            }
            let other = after[partner]
            let kind: FindingChange.Kind? =
                if finding.label != other.label {
                    .relabelled
                } else if abs(finding.confidence - other.confidence) >= minimumShift,
                    finding.confidence != other.confidence
                {
                    .shifted
                } else {
                    nil
                }
            guard let kind else {
                unchanged += 1
                continue
            }
            changes.append(FindingChange(kind: kind, before: finding, after: other, overlap: overlap))
        }
        let taken = Set(partners.values.map(\.partner))
        for (index, finding) in after.enumerated() where !taken.contains(index) {
            changes.append(FindingChange(kind: .gained, before: nil, after: finding, overlap: nil))
        }
        self.changes = changes
        self.unchanged = unchanged
    }

    private struct PlacedRegion {
        let index: Int
        let image: Int
        let pixels: RunLengths
        let box: PixelWindow
        let area: Int
    }

    private static func regions(_ findings: [Finding]) throws(EvaluationError) -> [PlacedRegion] {
        var regions: [PlacedRegion] = []
        for (index, finding) in findings.enumerated() {
            guard let geometry = finding.geometry else { continue }
            let pixels: RunLengths
            do throws(ImagingError) {
                pixels = try RunLengths(decoding: Array(geometry))
            } catch {
                throw EvaluationError(
                    .unusableFinding, "the pixels of a region in the database cannot be read: \(error)")
            }
            guard let box = pixels.boundingBox else { continue }
            regions.append(
                PlacedRegion(
                    index: index, image: finding.image, pixels: pixels, box: box, area: pixels.pixelCount))
        }
        return regions
    }

    /// By earlier finding, the later one that is the same.
    private static func pairs(
        _ before: [PlacedRegion], _ after: [PlacedRegion]
    ) -> [Int: (partner: Int, overlap: Double?)] {
        var candidates: [(first: Int, second: Int, overlap: Double)] = []
        let places = RegionPlaces(after.map(\.box))
        for region in before {
            for place in places.near(region.box) {
                let other = after[place]
                guard other.image == region.image else { continue }
                let both = region.pixels.intersectionCount(with: other.pixels)
                let overlap = MaskOverlap(first: region.area, second: other.area, intersection: both)
                    .intersectionOverUnion
                if overlap >= minimumOverlap { candidates.append((region.index, other.index, overlap)) }
            }
        }
        candidates.sort { ($1.overlap, $0.first, $0.second) < ($0.overlap, $1.first, $1.second) }
        var pairs: [Int: (partner: Int, overlap: Double?)] = [:]
        var taken: Set<Int> = []
        for candidate in candidates where pairs[candidate.first] == nil && !taken.contains(candidate.second) {
            pairs[candidate.first] = (candidate.second, candidate.overlap)
            taken.insert(candidate.second)
        }
        return pairs
    }
}

/// Finds boxes that may touch another, without trying all: a slide can hold a hundred thousand.
private struct RegionPlaces {
    private struct Cell: Hashable {
        let x: Int
        let y: Int
    }

    private let boxes: [PixelWindow]
    private var byCell: [Cell: [Int]] = [:]

    /// In pixels.
    private static let cellSide = 512

    init(_ boxes: [PixelWindow]) {
        self.boxes = boxes
        for (index, box) in boxes.enumerated() {
            for cell in Self.cells(of: box) { byCell[cell, default: []].append(index) }
        }
    }

    /// The numbers of the boxes that overlap this one, ascending.
    func near(_ box: PixelWindow) -> [Int] {
        let candidates = Set(Self.cells(of: box).flatMap { byCell[$0] ?? [] })
        return candidates.filter { overlap(boxes[$0], box) }.sorted()
    }

    private static func cells(of box: PixelWindow) -> [Cell] {
        let columns = box.x / cellSide...(box.x + box.width - 1) / cellSide
        let rows = box.y / cellSide...(box.y + box.height - 1) / cellSide
        return rows.flatMap { y in columns.map { Cell(x: $0, y: y) } }
    }
}
