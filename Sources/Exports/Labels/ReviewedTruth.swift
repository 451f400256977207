import FindingStore
import Findings
import Imaging

/// What reviews say is true of one image.
///
/// Of regions, and likewise of objects, they say it where each that the pipeline found was reviewed: a mask that lacks the
/// others would call them background.
struct ReviewedTruth {
    struct Item {
        let row: FindingRow
        /// The pipeline's, or what a reviewer called it.
        let label: String
        let pixels: RunLengths
    }

    /// Nil where it is not known.
    let regions: [Item]?
    let objects: [Item]?
    let grade: String?
    /// Whether of some kind not all were reviewed.
    let isInPart: Bool

    /// - Parameter trustsUnreviewed: whether what nobody reviewed, of a kind of which something was, counts as agreed.
    /// - Throws: `ambiguous` where the findings of two pipelines were reviewed.
    init(
        _ picture: PictureFindings, _ reviews: [FindingID: Review], trustsUnreviewed: Bool
    ) throws(ExportError) {
        let verdicts = reviews.filter { $0.value.verdict != .noted }
        let regions = try Self.items(.region, picture, verdicts, trustsUnreviewed)
        let objects = try Self.items(.object, picture, verdicts, trustsUnreviewed)
        (self.regions, self.objects) = (regions?.all, objects?.all)
        isInPart = regions?.isInPart == true || objects?.isInPart == true
        let graded = picture.grades.first { verdicts[$0.id] != nil }
        grade = graded.flatMap { Self.label(of: $0, verdicts[$0.id]) }
    }

    /// - Returns: nil where none was reviewed.
    private static func items(
        _ kind: Finding.Kind, _ picture: PictureFindings, _ verdicts: [FindingID: Review], _ trustsUnreviewed: Bool
    ) throws(ExportError) -> (all: [Item]?, isInPart: Bool)? {
        let found = picture.outlined.filter { $0.row.finding.kind == kind }
        let pipelines = Set(found.filter { verdicts[$0.row.id] != nil }.map(\.row.origin.pipelineSHA256))
        guard let pipeline = pipelines.first else { return nil }
        guard pipelines.count == 1 else {
            throw ExportError(
                .ambiguous,
                "in scan \(picture.sha256.prefix) findings of \(pipelines.count) pipelines were reviewed: say whose are the "
                    + "labels, by --pipeline or --run")
        }
        let own = found.filter { $0.row.origin.pipelineSHA256 == pipeline }
        guard trustsUnreviewed || own.allSatisfy({ verdicts[$0.row.id] != nil }) else { return (nil, true) }
        let items = own.compactMap { marked in
            label(of: marked.row, verdicts[marked.row.id]).map {
                Item(row: marked.row, label: $0, pixels: marked.pixels)
            }
        }
        return (items, false)
    }

    /// - Returns: nil for what was rejected.
    private static func label(of row: FindingRow, _ review: Review?) -> String? {
        switch review?.verdict {
        case .rejected: nil
        case .relabelled: review?.label
        case .agreed, .noted, nil: row.finding.label
        }
    }
}
