import COneDNN
import NeuralNetworks

/// Turns a oneDNN status into an error that names the call.
func check(_ status: dnnl_status_t, _ call: StaticString) throws(EngineError) {
    guard status != dnnl_success else { return }
    let kind: EngineError.Kind = status == dnnl_out_of_memory ? .memory : .library
    throw EngineError(kind, "oneDNN: \(call) failed: \(String(cString: dnnl_status2str(status)))")
}

/// A handle that a successful oneDNN call has filled in.
func created(_ handle: OpaquePointer?, _ call: StaticString) throws(EngineError) -> OpaquePointer {
    guard let handle else { throw EngineError(.library, "oneDNN: \(call) gave no object") }
    return handle
}
