import NeuralNetworks

extension OperatorRegistry {
    /// Convolutions and pooling.
    static let windows: [Entry] = [
        Entry("Conv") { reader in
            Convolution(window: try reader.window(), groups: try reader.integer("group", default: 1))
        },
        Entry("ConvTranspose") { reader in
            ConvolutionTranspose(
                window: try reader.window(), groups: try reader.integer("group", default: 1),
                outputPadding: try reader.integers("output_padding"), outputShape: try reader.integers("output_shape"))
        },
        Entry("MaxPool") { reader in
            MaxPooling(
                window: try reader.window(), rounding: try reader.rounding(), reportsIndices: reader.outputs.count > 1,
                storageOrder: try reader.flag("storage_order", default: false) ? .columnMajor : .rowMajor)
        },
        Entry("AveragePool") { reader in
            AveragePooling(
                window: try reader.window(), rounding: try reader.rounding(),
                countsPadding: try reader.flag("count_include_pad", default: false))
        },
        Entry("GlobalAveragePool") { _ in GlobalPooling(.average) },
        Entry("GlobalMaxPool") { _ in GlobalPooling(.maximum) },
        Entry("LpPool", since: 2) { reader in
            NormPooling(
                order: try reader.integer("p", default: 2), window: try reader.window(),
                rounding: try reader.rounding())
        },
        Entry("GlobalLpPool", since: 2) { reader in NormPooling(order: try reader.integer("p", default: 2)) },
        Entry("MaxUnpool", since: 9) { reader in MaxUnpooling(window: try reader.window()) },
        Entry("DeformConv", since: 19) { reader in
            DeformableConvolution(
                window: try reader.window(), groups: try reader.integer("group", default: 1),
                offsetGroups: try reader.integer("offset_group", default: 1))
        },
    ]
}

extension NodeReader {
    mutating func window() throws(FormatProblem) -> Window {
        Window(
            kernelShape: try integers("kernel_shape"), strides: try integers("strides"), pads: try integers("pads"),
            dilations: try integers("dilations"),
            automaticPadding: try choice(
                "auto_pad", default: .explicit,
                [
                    "NOTSET": .explicit, "VALID": .valid, "SAME_UPPER": .sameUpper, "SAME_LOWER": .sameLower,
                ]))
    }

    fileprivate mutating func rounding() throws(FormatProblem) -> Window.Rounding {
        try flag("ceil_mode", default: false) ? .ceiling : .floor
    }
}
