# Third-party packages; docs/dependencies.md says why each was chosen.

find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(LibArchive REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)

# OpenBLAS by name: the reference BLAS is 3 to 17 times slower.
find_library(OPENBLAS NAMES openblas PATH_SUFFIXES openblas-pthread)
if(NOT OPENBLAS)
  message(FATAL_ERROR "OpenBLAS is missing: apt-get install libopenblas-dev")
endif()

# Optional: without it `--fleet mpi` says what is missing. Only the C interface is used.
set(MPI_CXX_SKIP_MPICXX ON)
find_package(MPI QUIET COMPONENTS CXX)

# Optional: without it `serve` and `work` say what is missing.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(GRPC QUIET IMPORTED_TARGET grpc++>=1.51)
endif()
if(TARGET PkgConfig::GRPC)
  # -DNOMINMAX is for Windows, and would keep tests from sharing one precompiled header.
  set_target_properties(PkgConfig::GRPC PROPERTIES INTERFACE_COMPILE_OPTIONS "")
endif()

# Optional: without it `--metrics-port` says what is missing.
find_package(prometheus-cpp QUIET COMPONENTS core)
if(PkgConfig_FOUND)
  # Its flags must be those that the library was built with.
  pkg_check_modules(HTTPLIB QUIET IMPORTED_TARGET cpp-httplib)
endif()

if(SYNCLINE_TORCH)
  find_package(Torch QUIET)
  if(NOT Torch_FOUND)
    message(FATAL_ERROR "libtorch is missing: apt-get install libtorch-dev, "
                        "or configure with -DSYNCLINE_TORCH=OFF to build without its models")
  endif()
endif()

if(SYNCLINE_TESTS)
  find_path(DOCTEST_INCLUDE doctest/doctest.h REQUIRED)
  find_path(RAPIDCHECK_INCLUDE rapidcheck.h REQUIRED)
  find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
  add_library(syncline_rapidcheck INTERFACE)
  target_include_directories(syncline_rapidcheck SYSTEM INTERFACE ${RAPIDCHECK_INCLUDE})
  target_link_libraries(syncline_rapidcheck INTERFACE ${RAPIDCHECK_LIBRARY})
endif()
