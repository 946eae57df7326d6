#pragma once

#include <string>
#include <vector>

#include "study.hpp"

// The two panels of Figure 6: what the paper prints and what is stored of ours.
namespace syncline::repro::fig06 {

inline constexpr int workers = 20;
inline constexpr int printed_k[] = {1, 2, 5, 10, 13, 15, 18, 19, 20};
inline constexpr std::size_t printed = std::size(printed_k);

/// A panel, with values read off the paper's vector graphics, good to about 1 %.
struct Panel {
  const char* delay;
  const char* name;
  const char* key;
  double k_async[printed];
  double k_batch_async[printed];
};

enum PanelIndex { pareto, shifted };
extern const Panel panels[2];

/// A list by K of one panel, with standard errors if it was simulated.
class Values {
 public:
  Values(const Results& results, std::size_t panel, const char* name);

  [[nodiscard]] double at(int k) const { return means_.at(static_cast<std::size_t>(k - 1)); }
  [[nodiscard]] double error(int k) const { return errors_.at(static_cast<std::size_t>(k - 1)); }
  /// "3428.1 ± 1.4"
  [[nodiscard]] std::string text(int k) const;

 private:
  std::vector<double> means_, errors_;
};

}  // namespace syncline::repro::fig06
