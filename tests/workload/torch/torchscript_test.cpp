#include <thread>

#include <doctest/doctest.h>

#include "make.hpp"
#include "support/temporary_folder.hpp"

using namespace syncline;
using namespace syncline::testing;

namespace {

/// The folder into which Debian's PyTorch has written the models of write_models.py.
const std::filesystem::path& models() {
  static const TemporaryFolder folder;
  static const int status =
      std::system(("/usr/bin/python3 " SYNCLINE_TEST_DATA "/../workload/torch/write_models.py " +
                   folder.path().string())
                      .c_str());
  REQUIRE_MESSAGE(status == 0, "needs the Debian package python3-torch");
  return folder.path();
}

std::string spec(const std::string& name) {
  return "torchscript(file=" + (models() / name).string() + ")";
}

std::string refusal(const std::string& name) {
  return message_of<DataError>([&] { make_torch<float>(spec(name), context_of(tiny_grey)); });
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> names(const Workload<float>& workload) {
  std::vector<std::string> result;
  for (const auto& tensor : workload.layout()) result.push_back(tensor.name);
  return result;
}

}  // namespace

TEST_CASE("a TorchScript model trains under its own names in both precisions") {
  const auto context = context_of(tiny_grey);
  const auto single = make_torch<float>(spec("net.pt"), context);
  CHECK(names(*single) == std::vector<std::string>{"bn.weight", "bn.bias", "conv.weight",
                                                   "conv.bias", "fc.weight", "fc.bias",
                                                   "bn.running_mean", "bn.running_var"});
  CHECK(single->buffer_momentum() == 0.25);
  CHECK(initial_state(*single, 1) == initial_state(*single, 2));
  const auto [before, after] = train_alone(*single, 30, 0.05F);
  CHECK(after < 0.5 * before);
  const auto full = train_alone(*make_torch<double>(spec("net.pt"), context), 30, 0.05);
  CHECK(full.second < 0.5 * full.first);
}

TEST_CASE("a TorchScript model's payload holds the raw statistics of the batch") {
  const auto context = context_of(tiny_grey);
  const auto& data = *context.dataset;
  const auto batch = range(5, 21);
  double sum = 0, squares = 0, count = 0;
  for (const auto number : batch) {
    for (std::size_t i = 0; i < 64; ++i) {
      const double byte = data.train.bytes[number * 64 + i];
      const double x = (byte / 255 - data.mean[0]) / data.deviation[0];
      sum += x;
      squares += x * x;
      ++count;
    }
  }
  const double mean = sum / count;
  const double variance = (squares - count * mean * mean) / (count - 1);
  for (const std::string name : {"net.pt", "cumulative.pt"}) {
    CAPTURE(name);
    const auto workload = make_torch<double>(spec(name), context);
    REQUIRE(workload->buffers() == 2);
    auto state = initial_state(*workload);
    state.back() = 17;  // the statistics of the batch do not depend on the running ones
    std::vector<double> payload(state.size(), 1e300);
    const auto replica = workload->make_replica();
    for (int repetition = 0; repetition < 3; ++repetition) {
      replica->gradient(state, batch, {1, 0, 0}, payload);
      CHECK(payload[payload.size() - 2] == doctest::Approx(mean).epsilon(1e-12));
      CHECK(payload.back() == doctest::Approx(variance).epsilon(1e-12));
    }
  }
}

TEST_CASE("a TorchScript model with dropout gives the same bits on any number of threads") {
  const auto workload = make_torch<float>(spec("dropout.pt"), context_of(tiny_grey));
  const auto state = initial_state(*workload);
  const auto batch = range(0, 16);
  std::vector<std::vector<double>> alone, together(6);
  for (std::uint64_t job = 0; job < 6; ++job) {
    alone.push_back(gradient_of(*workload, state, batch, {1, 0, job}).values);
  }
  CHECK(alone[0] != alone[1]);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t job = t; job < 6; job += 3) {
        together[job] = gradient_of(*workload, state, batch, {1, 0, job}).values;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(alone == together);
}

TEST_CASE("unsuitable TorchScript files are refused with the reason and the way out") {
  CHECK(contains(refusal("missing.pt"), "can't read the model"));
  CHECK(contains(refusal("state_dict.pt"), "state_dict"));
  CHECK(contains(refusal("five_classes.pt"), "[2, 5]") == false);
  CHECK(contains(refusal("five_classes.pt"), "[1, 5]"));
  CHECK(contains(refusal("no_parameters.pt"), "no parameters"));
  CHECK(contains(refusal("frozen.pt"), "conv.weight"));
  CHECK(contains(refusal("traced_in_training.pt"), "evaluation mode"));
}

TEST_CASE("a truncated TorchScript file is refused") {
  const std::string whole = read_file(models() / "net.pt");
  const TemporaryFolder folder;
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, whole.size() / 4, whole.size() / 2, whole.size() - 1}) {
    CAPTURE(length);
    const std::string path = folder.write("cut.pt", whole.substr(0, length));
    CHECK_THROWS_AS(make_torch<float>("torchscript(file=" + path + ")", context_of(tiny_grey)),
                    DataError);
  }
}
