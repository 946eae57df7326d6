#include "cli/build_facts.hpp"

#include "syncline/blas_threads.hpp"
#include "syncline/version.hpp"

namespace syncline {

std::string build_facts() {
  std::string text = std::string("syncline ") + version + "\n";
  text += std::string("compiler: ") + SYNCLINE_COMPILER + "\n";
  text += std::string("libtorch: ") + SYNCLINE_TORCH_VERSION + "\n";
  text += std::string("BLAS: ") + (blas_warning() ? "not OpenBLAS (slow)" : "OpenBLAS");
  return text;
}

}  // namespace syncline
