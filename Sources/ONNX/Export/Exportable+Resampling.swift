import NeuralNetworks

extension Padding: Exportable {
    var since: Int { mode == .wrap ? 19 : ONNXModel.writtenOperatorSet }

    func attributes() -> [Onnx_AttributeProto] {
        switch mode {
        case .constant: [.string("mode", "constant")]
        case .reflect: [.string("mode", "reflect")]
        case .edge: [.string("mode", "edge")]
        case .wrap: [.string("mode", "wrap")]
        }
    }
}

extension Resize: Exportable {
    var since: Int {
        if coordinates == .halfPixelSymmetric { return 19 }
        return antialiases || aspectRatio != .stretch || axes != nil ? 18 : ONNXModel.writtenOperatorSet
    }

    func attributes() -> [Onnx_AttributeProto] {
        var attributes: [Onnx_AttributeProto] = [
            .string("coordinate_transformation_mode", coordinates.onnx),
            .flag("exclude_outside", excludesOutside),
        ]
        if case .cropAndResize(let extrapolation) = coordinates {
            attributes.append(.float("extrapolation_value", extrapolation))
        }
        switch interpolation {
        case .nearest(let rounding):
            attributes += [.string("mode", "nearest"), .string("nearest_mode", rounding.onnx)]
        case .linear: attributes.append(.string("mode", "linear"))
        case .cubic(let coefficient):
            attributes += [.string("mode", "cubic"), .float("cubic_coeff_a", coefficient)]
        }
        if antialiases { attributes.append(.flag("antialias", true)) }
        switch aspectRatio {
        case .stretch: break
        case .notLarger: attributes.append(.string("keep_aspect_ratio_policy", "not_larger"))
        case .notSmaller: attributes.append(.string("keep_aspect_ratio_policy", "not_smaller"))
        }
        if let axes { attributes.append(.integers("axes", axes)) }
        return attributes
    }
}

extension Resize.Coordinates {
    fileprivate var onnx: String {
        switch self {
        case .halfPixel: "half_pixel"
        case .halfPixelSymmetric: "half_pixel_symmetric"
        case .pytorchHalfPixel: "pytorch_half_pixel"
        case .alignCorners: "align_corners"
        case .asymmetric: "asymmetric"
        case .cropAndResize: "tf_crop_and_resize"
        }
    }
}

extension Resize.NearestRounding {
    fileprivate var onnx: String {
        switch self {
        case .halfDown: "round_prefer_floor"
        case .halfUp: "round_prefer_ceil"
        case .floor: "floor"
        case .ceiling: "ceil"
        }
    }
}
