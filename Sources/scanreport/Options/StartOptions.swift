import ArgumentParser
import Learning
import NeuralNetworks

/// What a training begins with where it is no pipeline's stage.
struct StartOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Begin with a bare ONNX file, or with fresh weights, in place of a pipeline's stage.",
            discussion: "Architectures: \(NamedArchitecture.spellings.joined(separator: ", ")). A card NAME.md beside "
                + "NAME.onnx, as `pipeline new` makes it, tells the rest; --classes and --normalisation do where there is none. A "
                + "last layer of another number of answers than there are classes is then drawn anew.",
            valueName: "onnx|architecture"))
    var from: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "With --from: what the network tells apart, in its order; a fresh classifier's are the manifest's.",
            valueName: "name"))
    var classes: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --from: micrometres per pixel that the network sees, and that scans have which do not tell theirs. Without it "
                + "scans are seen as they are.",
            valueName: "um"))
    var spacing: Double?

    @Option(name: .long, help: ArgumentHelp("With --from: the side of tiles.", valueName: "pixels"))
    var tile: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --from: how pixels become numbers, as the file's network was trained: scale (0 to 1), imagenet (mean and "
                + "deviation), or percentile (of the scan: fluorescence).",
            valueName: "how"))
    var normalisation: StartingFacts.Normalisation?

    func validate() throws {
        if from == nil, !classes.isEmpty || spacing != nil || tile != nil || normalisation != nil {
            throw ValidationError("--classes, --spacing, --tile and --normalisation are for --from: a card tells them.")
        }
        if let spacing, !(0.01...100).contains(spacing) { throw ValidationError("--spacing must be from 0.01 to 100.") }
        if let tile, !(32...4096).contains(tile) { throw ValidationError("--tile must be from 32 to 4096.") }
        if Set(classes).count < classes.count { throw ValidationError("--classes names one twice.") }
    }
}

extension StartingFacts.Normalisation: ExpressibleByArgument {}
