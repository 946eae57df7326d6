#include <limits>
#include <unordered_map>
#include <vector>

#include "delay/laws.hpp"
#include "delay/value_distribution.hpp"
#include "delay/value_file.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Lists = std::unordered_map<std::uint32_t, std::vector<double>>;

std::vector<double> all_values(const Lists& lists) {
  std::vector<double> values;
  for (const auto& [worker, list] : lists) values.insert(values.end(), list.begin(), list.end());
  return values;
}

/// Given durations: nothing is random. Mean, cdf, ... are those of all values in the file.
class ServiceTimes final : public DelayLaw {
 public:
  explicit ServiceTimes(const std::string& file)
      : file_(file), lists_(read_service_times(file)), values_(all_values(lists_)) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    const auto found = lists_.find(key.worker);
    if (found == lists_.end()) refuse_worker(key.worker);
    const std::vector<double>& list = found->second;
    return key.job < list.size() ? list[key.job] : std::numeric_limits<double>::infinity();
  }
  void check_workers(std::uint32_t first, std::uint32_t end) const override {
    for (std::uint32_t worker = first; worker < end; ++worker) {
      if (!lists_.contains(worker)) refuse_worker(worker);
    }
  }
  [[nodiscard]] double mean() const override { return values_.mean(); }
  [[nodiscard]] double variance() const override { return values_.variance(); }
  [[nodiscard]] double cdf(double x) const override { return values_.cdf(x); }
  [[nodiscard]] double survival(double x) const override { return values_.survival(x); }
  [[nodiscard]] double quantile(double p) const override { return values_.quantile(p); }
  [[nodiscard]] std::string text() const override {
    return to_text({"service-times", {{"file", file_}}});
  }

 private:
  [[noreturn]] void refuse_worker(std::uint32_t worker) const {
    throw DataError(file_ + " has no list for worker " + std::to_string(worker) +
                    "; every worker of this law needs one, if only an empty one");
  }

  std::string file_;
  Lists lists_;
  ValueDistribution values_;
};

}  // namespace

DelayLawPointer make_service_times(const Arguments& arguments) {
  return std::make_shared<ServiceTimes>(arguments.text("file"));
}

}  // namespace syncline
