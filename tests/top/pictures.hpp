#pragma once

#include <string>

#include "top/frame.hpp"
#include "top/render.hpp"

namespace syncline::testing {

/// A fleet of so many workers that all need one unit of time, at step 10.
inline RunPicture even_fleet(std::size_t workers) {
  RunPicture picture;
  picture.policy = "k-async(k=4)";
  picture.fleet = "threads";
  picture.k = 4;
  picture.time = 10;
  picture.version = 10;
  WorkerPicture worker;
  worker.state = WorkerPicture::State::computing;
  worker.since = 9.5;
  worker.read = 10;
  worker.steps = 10;
  worker.median = 1;
  worker.p95 = 1.25;
  worker.contributed = 10;
  picture.workers.assign(workers, worker);
  return picture;
}

/// What stands in a column of the row of a worker.
inline std::string cell(const RunFrame& frame, const std::string& worker,
                        const std::string& column) {
  for (const auto& row : frame.rows) {
    if (row.at(0).text != worker) continue;
    for (std::size_t i = 0; i < frame.columns.size(); ++i) {
      if (frame.columns[i].name == column) return row.at(i).text;
    }
  }
  return "not found";
}

/// The first of the header's lines that holds this; empty if none does.
inline std::string header_line(const RunFrame& frame, const std::string& part) {
  for (const std::string& line : frame.header) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "";
}

}  // namespace syncline::testing
