#include "delay/value_file.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {
namespace {

using Values = std::vector<double>;

/// The message of the DataError that making this law from a file of this content brings.
std::string refusal(const std::string& law, const std::string& content) {
  const TemporaryFolder folder;
  const std::string path = folder.write("times", content);
  try {
    (void)make_delay_law(law + "(file=" + path + ")");
    return "";
  } catch (const DataError& error) {
    CHECK(std::string(error.what()).find(path) != std::string::npos);
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a file of durations, as text in any of its forms or as a JSON list, is read alike") {
  const TemporaryFolder folder;
  const Values expected = {0.5, 1.25, 3, 20};
  for (const char* content :
       {"0.5\n1.25\n3\n2e1\n", "0.5 1.25 3 20", "0.5,1.25,\t3 ,20\r\n",
        "# measured\n0.5 1.25 # two\n\n3,20# no blank\n", " [0.5, 1.25,\n 3, 20.0]\n"}) {
    CAPTURE(content);
    CHECK(read_values(folder.write("values", content)) == expected);
  }
}

TEST_CASE("an empirical law draws each of its values, and none other, with its share") {
  const TemporaryFolder folder;
  const auto law = make_delay_law("empirical(file=" + folder.write("v", "4 1 1 2") + ")");
  CHECK(law->mean() == 2);
  CHECK(law->variance() == doctest::Approx(1.5).epsilon(1e-15));
  CHECK(law->cdf(0.99) == 0);
  CHECK(law->cdf(1) == 0.5);
  CHECK(law->survival(2) == 0.25);
  CHECK(law->quantile(0.5) == 1);
  CHECK(law->quantile(0.500001) == 2);
  CHECK(law->quantile(0.76) == 4);
  int ones = 0;
  const int n = 20000;
  for (std::uint64_t job = 0; job < n; ++job) {
    const double x = law->sample({1, 0, job});
    CHECK((x == 1 || x == 2 || x == 4));
    ones += x == 1 ? 1 : 0;
  }
  CHECK(std::abs(ones - n / 2) < 4.5 * std::sqrt(n / 4.0));
}

TEST_CASE("a wrong value in a file of durations is named with its line") {
  for (const std::string wrong : {"-1", "0", "nan", "inf", "1e999", "1.5s", "abc", "1;2", "0x1"}) {
    const std::string message = refusal("empirical", "1 2\n# note\n3 " + wrong + " 4\n");
    CAPTURE(message);
    CHECK(contains(message, "line 3"));
    CHECK(contains(message, "'" + wrong + "'"));
  }
  // Bytes that would garble a terminal or end the message are shown as '?'.
  CHECK(contains(refusal("empirical", std::string("1 2\0\x1b[3", 7)), "'2??[3'"));
  CHECK(contains(refusal("empirical", "[1, 2, -3]"), "value 3: '-3'"));
  CHECK(contains(refusal("empirical", "[1, [2]]"), "value 2: 'array'"));
  CHECK(contains(refusal("empirical", "[1, \"2\"]"), "value 2"));
  for (const char* empty : {"", "\n \n", "# nothing\n", "[]"}) {
    CHECK(contains(refusal("empirical", empty), "no durations"));
  }
}

TEST_CASE("a path that is missing or a folder is refused by name") {
  const TemporaryFolder folder;
  for (const char* law : {"empirical", "service-times"}) {
    for (const auto& path : {folder / "absent", folder.path()}) {
      CHECK_THROWS_WITH_AS((void)make_delay_law(law + ("(file=" + path.string() + ")")),
                           doctest::Contains(path.c_str()), DataError);
    }
  }
}

TEST_CASE("service-times give the n-th job of a worker its n-th value, then never finish") {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("t.json", R"({"0": [0.875, 2.375], "2": [1.5], "1": [], "70": [8]})");
  const auto law = make_delay_law("service-times(file=" + path + ")");
  const double never = std::numeric_limits<double>::infinity();
  for (const std::uint64_t seed : {0u, 9u}) {
    CHECK(law->sample({seed, 0, 0}) == 0.875);
    CHECK(law->sample({seed, 0, 1}) == 2.375);
    CHECK(law->sample({seed, 0, 2}) == never);
    CHECK(law->sample({seed, 0, 1ull << 39}) == never);
    CHECK(law->sample({seed, 1, 0}) == never);
    CHECK(law->sample({seed, 2, 0}) == 1.5);
    CHECK(law->sample({seed, 70, 0}) == 8);
  }
  CHECK(law->mean() == (0.875 + 2.375 + 1.5 + 8) / 4);
  CHECK(law->cdf(1.5) == 0.5);
  CHECK_THROWS_WITH_AS((void)law->sample({0, 3, 0}), doctest::Contains("worker 3"), DataError);
  CHECK_THROWS_AS((void)law->sample({0, 4294967295u, 0}), DataError);
}

TEST_CASE("a wrong file of service times is refused with the worker and the place") {
  const auto message = [](const std::string& content) { return refusal("service-times", content); };
  CHECK(contains(message(R"({"0": [1], "3": [1, 0]})"), "worker 3, value 2: '0'"));
  CHECK(contains(message(R"({"0": [1], "3": [1, null]})"), "worker 3, value 2: 'null'"));
  CHECK(contains(message(R"({"0": 1})"), "worker 0: expected a list"));
  CHECK(contains(message(R"({"0": [1e999]})"), "JSON"));
  CHECK(contains(message(R"({"0": [1], "0": [2]})"), "twice"));
  CHECK(contains(message("[[1], [2]]"), "expected an object"));
  CHECK(contains(message("{}"), "no durations"));
  CHECK(contains(message(R"({"0": []})"), "no durations"));
  CHECK(contains(message(""), "JSON"));
  for (const char* key : {"-1", "00", "+1", "1.0", "4294967296", "a", "", " 0"}) {
    CHECK(contains(message("{\"" + std::string(key) + "\": [1]}"), "is no worker"));
  }
  // Deeper than any stack: neither parsing nor the message may recurse.
  CHECK_FALSE(
      message("{\"0\": " + std::string(1000000, '[') + "1" + std::string(1000000, ']') + "}")
          .empty());
}

TEST_CASE("a file cut short at any byte gives a shorter list or an error, never anything else") {
  const TemporaryFolder folder;
  const std::string text = "# header\n0.5, 1.25e0\n13.75 # last\n2\n";
  const Values whole = read_values(folder.write("whole", text));
  REQUIRE(whole.size() == 4);
  for (std::size_t length = 0; length < text.size(); ++length) {
    const std::string path = folder.write("cut", text.substr(0, length));
    CAPTURE(length);
    try {
      const Values values = read_values(path);
      REQUIRE(values.size() <= whole.size());
      // The last number may have lost digits; the others are as they were.
      CHECK(std::equal(values.begin(), values.end() - 1, whole.begin()));
      CHECK((values.back() > 0 && std::isfinite(values.back())));
    } catch (const DataError& error) {
      CHECK(contains(error.what(), path));
    }
  }
  const std::string document = R"({"0": [0.875, 2.375], "1": [1.5], "2": []})";
  for (std::size_t length = 0; length < document.size(); ++length) {
    CAPTURE(length);
    // No beginning of a JSON object is one.
    CHECK_THROWS_AS((void)read_service_times(folder.write("cut", document.substr(0, length))),
                    DataError);
  }
}

TEST_CASE("a file with any one byte changed gives good durations or an error") {
  const TemporaryFolder folder;
  const auto all_good = [](const Values& values) {
    for (const double x : values) {
      if (!(x > 0) || !std::isfinite(x)) return false;
    }
    return true;
  };
  const std::string text = "0.5, 1.25e0\n13.75 # last\n";
  const std::string document = R"({"0": [0.875, 2.375], "1": [1.5], "2": []})";
  for (const std::string& good : {text, document}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const char byte :
           {'\0', '\xff', '-', '0', '9', 'e', '"', '[', ']', '{', ',', '#', ' '}) {
        std::string bad = good;
        bad[i] = byte;
        const std::string path = folder.write("bad", bad);
        CAPTURE(bad);
        try {
          if (good == text) {
            const Values values = read_values(path);
            CHECK(all_good(values));
          } else {
            const auto lists = read_service_times(path);
            for (const auto& [worker, list] : lists) CHECK(all_good(list));
          }
        } catch (const DataError& error) {
          CHECK(contains(error.what(), path));
        }
      }
    }
  }
}

}  // namespace
}  // namespace syncline::testing
