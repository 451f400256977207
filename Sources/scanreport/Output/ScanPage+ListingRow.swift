import Listings
import Slides

extension ScanPage: ListingRow {
    public static let columns: [ListingColumn<ScanPage>] = [
        ListingColumn("page") { .integer($0.index) },
        ListingColumn("role") { .text($0.role) },
        ListingColumn("width") { .integer($0.width.map { Int64($0) }) },
        ListingColumn("height") { .integer($0.height.map { Int64($0) }) },
        ListingColumn("samples") { .integer($0.samplesPerPixel.map { Int64($0) }) },
        ListingColumn("format") { .text($0.samples) },
        ListingColumn("codec") { .text($0.codec) },
        ListingColumn("spacing_um_px") { .number($0.micrometresPerPixel) },
        ListingColumn("spacing_source") { .text($0.spacingSource?.rawValue) },
        ListingColumn("mean") { .number($0.mean) },
        ListingColumn("std") { .number($0.standardDeviation) },
        ListingColumn("error") { .text($0.error?.description) },
    ]
}
