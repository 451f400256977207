import ArgumentParser
import Evaluation

/// Which outlines of a manifest's GeoJSON files are of the structure.
struct OutlineOptions: ParsableArguments {
    @Option(
        name: .customLong("outline-class"),
        help: ArgumentHelp(
            "Count outlines of this class alone; repeat it for several. All count where it is not given.",
            valueName: "name"))
    var classes: [String] = []

    var counted: CountedOutlines { CountedOutlines(classes: classes) }
}
