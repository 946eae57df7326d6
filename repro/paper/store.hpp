#pragma once

#include <filesystem>
#include <optional>

#include "study.hpp"

namespace syncline::repro {

/// Where results, pages and pictures lie, below one folder:
///
///   README.md  ID.md                  the pages
///   pictures/NAME.svg                 drawn from what follows
///   results/ID.json                   what a study computed
///   results/seconds.json              how long that took, on one core
///   results/ID/RUN.json               one training run, or part of a computation, each
///
/// Files are written as a whole or not at all. Reading throws DataError with the file's name.
class Store {
 public:
  explicit Store(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::optional<Json> computed(const Study& study) const;
  void save_computed(const Study& study, const Json& computed, double seconds) const;
  /// What computing took; 0 if nothing is known of it.
  [[nodiscard]] double seconds(const Study& study) const;
  [[nodiscard]] std::optional<Json> run(const Study& study, const std::string& name) const;
  void save_run(const Study& study, const std::string& name, const Json& record) const;
  /// What was computed of a part; nullopt if it is not there, or was made with other settings.
  [[nodiscard]] std::optional<Json> part(const Study& study, const Part& wanted) const;
  void save_part(const Study& study, const Part& made, const Json& computed, double seconds) const;

  /// All that is stored of a study; of the runs and parts those that are complete as wanted.
  [[nodiscard]] Results results(const Study& study, const std::vector<Run>& wanted,
                                const std::vector<Part>& parts = {}) const;

 private:
  [[nodiscard]] std::filesystem::path run_file(const Study& study, const std::string& name) const;

  std::filesystem::path folder_;
};

}  // namespace syncline::repro
