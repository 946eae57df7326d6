#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace syncline::testing {

/// The disk below the folder of a process that can die at any time. It knows what was brought to it
/// by fsync() and fdatasync(), which are its own for the thread that has made it, as long as it is
/// there; they take no time. What a death leaves is what is in the folder at that moment: nothing
/// of the buffers of the process, nor what destructors do after it.
class SimulatedDisk {
 public:
  enum class Death : std::uint8_t {
    quiet,    ///< of the process: the system has what it was given
    writing,  ///< of the process, which was giving it the end of the file that is being synced
    outage    ///< of the machine: of the rest any part may be there, or nothing, or zeros
  };

  /// `folder` lasts by itself, with the names in it.
  SimulatedDisk(std::filesystem::path folder, std::uint64_t seed);
  ~SimulatedDisk();
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;

  /// Called at each sync, before it is done. May throw.
  void at_sync(std::function<void()> callback) { at_sync_ = std::move(callback); }
  /// From here on what is done to the folder is not.
  void die(Death death);
  /// The folder as the death has left it.
  void begin_again();

  /// fsync() of a descriptor.
  void sync(int descriptor);

 private:
  struct Synced {
    int descriptor;               ///< a copy, so that no other file can have its number
    std::uint64_t length = 0;     ///< of a file
    std::set<std::string> names;  ///< of a folder
  };
  /// What is left of something in the folder; of a folder's contents after it.
  struct Left {
    std::filesystem::path path;
    bool is_folder;
    std::string bytes;
  };

  void note(int descriptor);
  void forget_removed();
  void look_at(const std::filesystem::path& folder, Death death);
  [[nodiscard]] std::string left_of(const std::filesystem::path& file, Death death);
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  std::filesystem::path folder_;
  std::mt19937_64 random_;
  std::function<void()> at_sync_ = [] {};
  std::map<std::uint64_t, Synced> synced_;  ///< by the number that the system gives it
  std::uint64_t in_hand_ = 0;               ///< whichever is being synced
  bool dead_ = false;
  std::vector<Left> left_;
};

}  // namespace syncline::testing
