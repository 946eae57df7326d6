#include "syncline/safetensors.hpp"

#include <cstring>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hostile_files.hpp"

using namespace syncline;
using namespace syncline::testing;

namespace {

const std::vector<NamedTensor> layout = {{"conv.weight", {2, 3, 2, 2}, 0, true},
                                         {"conv.bias", {2}, 24, false},
                                         {"bn.running_mean", {2}, 26, false},
                                         {"scale", {}, 28, false}};

template <class Real>
std::vector<Real> numbers() {
  std::vector<Real> state(29);
  for (std::size_t i = 0; i < state.size(); ++i)
    state[i] = static_cast<Real>(1.0 / (3.0 + double(i)));
  return state;
}

Bytes bytes_of(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  return {text.begin(), text.end()};
}

Bytes with_header(const std::string& header, std::size_t elements) {
  Bytes bytes(8 + header.size() + elements);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

bool refused(const Bytes& bytes) {
  const TemporaryFolder folder;
  return data_error_of([&] { return read_safetensors(folder.write("file", bytes)); }) != "";
}

}  // namespace

TEST_CASE_TEMPLATE("a state written and read back is the same, bit for bit", Real, float, double) {
  const TemporaryFolder folder;
  const auto state = numbers<Real>();
  write_safetensors(folder / "w.safetensors", layout, state);
  const auto tensors = read_safetensors(folder / "w.safetensors");
  REQUIRE(tensors.size() == 4);
  CHECK(tensors[0].type == (sizeof(Real) == 4 ? "F32" : "F64"));
  // Element (o=1, i=2, y=0, x=1) is stored at O, H, W, I.
  CHECK(tensors[0].values[1 * 12 + 2 * 4 + 1] == static_cast<double>(state[1 * 12 + 1 * 3 + 2]));
  std::vector<Real> restored(state.size());
  restore_state<Real>(tensors, layout, restored);
  CHECK(restored == state);
}

TEST_CASE("numpy reads the file in PyTorch's shapes and memory order") {
  const TemporaryFolder folder;
  const auto state = numbers<float>();
  write_safetensors(folder / "w.safetensors", layout, state);
  nlohmann::json expected;
  for (std::size_t o = 0; o < 2; ++o) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t p = 0; p < 4; ++p) expected.push_back(state[o * 12 + p * 3 + i]);
    }
  }
  folder.write("expected.json", expected.dump());
  folder.write("check.py", R"(
import json, struct, sys
import numpy
raw = open(sys.argv[1] + "/w.safetensors", "rb").read()
length = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + length])
assert header.pop("__metadata__") == {"format": "pt"}
data = raw[8 + length:]
tensors = {}
for name, entry in header.items():
    begin, end = entry["data_offsets"]
    assert entry["dtype"] == "F32"
    tensors[name] = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
assert sorted(tensors) == ["bn.running_mean", "conv.bias", "conv.weight", "scale"]
assert tensors["conv.weight"].shape == (2, 3, 2, 2) and tensors["scale"].shape == ()
expected = numpy.array(json.load(open(sys.argv[1] + "/expected.json")), "f4")
assert (tensors["conv.weight"].ravel() == expected).all()
)");
  const std::string command =
      "/usr/bin/python3 " + (folder / "check.py").string() + " " + folder.path().string();
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("a file cut at any byte, or a byte too long, is refused") {
  const TemporaryFolder folder;
  write_safetensors(folder / "w", layout, numbers<float>());
  check_every_length(bytes_of(folder / "w"),
                     [](const auto& path) { return read_safetensors(path); });
}

TEST_CASE("a file with any header byte changed is read or refused, never more") {
  const TemporaryFolder folder;
  const std::vector<NamedTensor> one = {{"a", {2}, 0, false}};
  write_safetensors(folder / "w", one, std::vector<float>{1, 2});
  const Bytes whole = bytes_of(folder / "w");
  CHECK(check_every_header_byte(whole, whole.size() - 8,
                                [](const auto& path) { return read_safetensors(path); }) > 0);
}

TEST_CASE("headers that lie are refused") {
  const std::string good = R"("dtype":"F32","shape":[2],"data_offsets":[0,8])";
  CHECK_FALSE(refused(with_header("{\"a\":{" + good + "}}", 8)));
  CHECK(refused(with_header("{\"a\":{" + good + "},\"a\":{" + good + "}}", 8)));
  CHECK(refused(with_header("{\"a\":{" + good + "},\"b\":{" + good + "}}", 8)));
  CHECK(refused(with_header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})", 16)));
  CHECK(refused(with_header(R"({"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}})", 8)));
  CHECK(refused(with_header(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8)));
  CHECK(refused(with_header(
      R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}})", 0)));
  CHECK(refused(with_header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", 8)));
  CHECK(refused(with_header("[]", 0)));
  Bytes huge = with_header("{}", 0);
  huge[5] = 1;
  CHECK(refused(huge));
}

TEST_CASE("weights of another model are refused") {
  const TemporaryFolder folder;
  write_safetensors(folder / "w", layout, numbers<float>());
  const auto tensors = read_safetensors(folder / "w");
  std::vector<float> state(29);
  auto other = layout;
  other[1].name = "conv.b";
  CHECK_THROWS_AS(restore_state<float>(tensors, other, state), DataError);
  other = layout;
  other[0].shape = {3, 2, 2, 2};
  CHECK_THROWS_AS(restore_state<float>(tensors, other, state), DataError);
  other.pop_back();
  CHECK_THROWS_AS(restore_state<float>(tensors, other, state), DataError);
}

TEST_CASE("a file that can't be written is an error and leaves nothing behind") {
  const TemporaryFolder folder;
  folder.write("file", std::string("x"));
  CHECK_THROWS_AS(write_safetensors(folder / "file" / "w", layout, numbers<float>()), DataError);
}
