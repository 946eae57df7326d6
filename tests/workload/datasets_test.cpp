#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>

#include "hostile_files.hpp"
#include "syncline/dataset.hpp"

namespace syncline {
namespace {

TEST_CASE("Fashion-MNIST of the Debian package is complete and has its known moments") {
  const auto data = load_dataset("fashion-mnist", "");
  CHECK(data->name == "fashion-mnist");
  CHECK(data->classes == 10);
  CHECK(data->train.count == 60000);
  CHECK(data->test.count == 10000);
  CHECK(data->features() == 784);
  const std::vector<std::int32_t> first(data->train.labels.begin(), data->train.labels.begin() + 8);
  CHECK(first == std::vector<std::int32_t>{9, 0, 0, 3, 0, 2, 7, 2});
  for (std::int32_t c = 0; c < 10; ++c) {
    CHECK(std::count(data->train.labels.begin(), data->train.labels.end(), c) == 6000);
    CHECK(std::count(data->test.labels.begin(), data->test.labels.end(), c) == 1000);
  }
  double sum = 0, squares = 0;
  for (const std::uint8_t byte : data->train.bytes) {
    const double x = byte / 255.0;
    sum += x;
    squares += x * x;
  }
  const double n = static_cast<double>(data->train.bytes.size());
  CHECK(std::abs(sum / n - 0.2860) < 5e-5);
  CHECK(std::abs(std::sqrt(squares / n - sum / n * sum / n) - 0.3530) < 5e-5);
  CHECK(data->mean[0] == 0.2860F);
  CHECK(data->deviation[0] == 0.3530F);
}

TEST_CASE("data set that was not fetched is refused with the command that fetches it") {
  const testing::TemporaryFolder empty;
  for (const std::string name : {"mnist", "cifar10"}) {
    const auto message =
        testing::data_error_of([&] { return load_dataset(name, empty.path().string()); });
    CHECK(message.ends_with("syncline data get " + name + " --data-folder '" +
                            empty.path().string() + "'"));
    CHECK(message.find(empty.path().string()) != std::string::npos);
  }
}

TEST_CASE("unknown data set is refused with the nearest name") {
  CHECK_THROWS_WITH_AS(load_dataset("fashon-mnist", ""), doctest::Contains("'fashion-mnist'"),
                       ConfigError);
  CHECK_THROWS_AS(load_dataset("idx", ""), ConfigError);
}

TEST_CASE("data folder is the override, else XDG's cache, else below home") {
  const auto with = [](const char* cache, const char* home) {
    cache != nullptr ? setenv("XDG_CACHE_HOME", cache, 1) : unsetenv("XDG_CACHE_HOME");
    home != nullptr ? setenv("HOME", home, 1) : unsetenv("HOME");
  };
  const char* home_before = std::getenv("HOME");
  const std::string home = home_before != nullptr ? home_before : "";
  with("/c", "/h");
  CHECK(data_folder("/mine") == "/mine");
  CHECK(data_folder("") == "/c/syncline");
  with("relative", "/h");
  CHECK(data_folder("") == "/h/.cache/syncline");
  with(nullptr, "/h");
  CHECK(data_folder("") == "/h/.cache/syncline");
  with(nullptr, nullptr);
  CHECK_THROWS_AS(data_folder(""), ConfigError);
  setenv("HOME", home.c_str(), 1);
}

}  // namespace
}  // namespace syncline
