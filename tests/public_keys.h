/* SPDX-License-Identifier: Apache-2.0 */
/* tests/public_keys.h: keys that `openssl genpkey` made and `openssl pkey -pubout` or `openssl rsa -RSAPublicKey_out`
 * wrote, as hex of their DER.  Nobody has the private ones. */
#ifndef TESTS_PUBLIC_KEYS_H
#define TESTS_PUBLIC_KEYS_H

#define KEY_P256                                                                                                       \
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004cad11167a866f63af43e5fcc9d56a90c86603d1f68fe58"             \
    "ac89c2f4c229eb8aada1232ba46344fa06b664949255ea378b8f58308af369f9bfc66f79e16d60cd08"

#define KEY_P384                                                                                                       \
    "3076301006072a8648ce3d020106052b8104002203620004dfc7d59e382a0b6cfe8746dd7c2b4539a69811da350c2b723b93"             \
    "82647cc8ff1aa2846da6aa5b4447df93d7289787e3f76f3a263cb2fb05ce451cc6a084c8413f112a716bdddd4d9c5458d127"             \
    "d87d303c4fbd9f1cba10a9c743faf65913877fb3"

#define KEY_P521                                                                                                       \
    "30819b301006072a8648ce3d020106052b810400230381860004018720900b2c778526ae58062886b413b17471766c4c0f61"             \
    "b20ce1adca3204f600f20b48a3cd67ea1a686b7411c5a238b75c900f96bba65afd4b7bd0dab95719cc0001fd7fa4694d13d3"             \
    "061afe4d107843e2cbf5dbfa3cf444a3246f4102bc31a489e9add0d67ff6949b033b31e716a4ae4f248f40a7e2dd9c4fd9d9"             \
    "5d243e4b1f2e0da9"

#define KEY_SECP256K1                                                                                                  \
    "3056301006072a8648ce3d020106052b8104000a03420004f963e3101ed83542c712bdd76848e2478ebe36d5b82ceb9f3932"             \
    "c86ca8c03dab52c8e5da6c635953362fdeb74e622a277443257b3827f01e8fd2fd529ba69ba5"

#define KEY_P256_COMPRESSED                                                                                            \
    "3039301306072a8648ce3d020106082a8648ce3d03010703220002cad11167a866f63af43e5fcc9d56a90c86603d1f68fe58"             \
    "ac89c2f4c229eb8aad"

#define KEY_P256_EXPLICIT                                                                                              \
    "3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffffff000000010000000000"             \
    "00000000000000ffffffffffffffffffffffff305b0420ffffffff00000001000000000000000000000000ffffffffffffff"             \
    "fffffffffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b031500c49d360886e70493"             \
    "6a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342"             \
    "e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5022100ffffffff00000000ffffffffffffffffbce6"             \
    "faada7179e84f3b9cac2fc63255102010103420004d95da1e02b4d0b9ea9a11f57318724fccacd04c22cf458da481040e87b"             \
    "0670ecb656a9ae33ed743a7415a6e9f4c9dd3334b43da96a61a22cc635765bdf0afefc"

#define KEY_ED25519 "302a300506032b65700321006671c5bdd523482a89be61fe70eb46d218a82adf09b07daf1b61b5ae0abed04b"

#define KEY_RSA1024                                                                                                    \
    "30818902818100b927d1447ee3833c9613dd1ead8db516315c5ef40ef5bad8fa25cd77dde76f7f9682633e04dd39824fc64f"             \
    "1170b0337d952c034ec85cc7c6a99a77dacff0ad9cd00bc566ea95bf315951169902f188f23e97e8f9c208f3d861ca0facd3"             \
    "da61a736f6c77e6639b0da2f83d74eb73857894054e4d94eef9a7e4366ac4968af12af0203010001"

#define KEY_RSA2048                                                                                                    \
    "3082010a0282010100aba1cb7f17855a79bb1ac815ad545b3c84e7bef874abbe2ee9ee5e2e0ca5519ccbe68f612bafbbb312"             \
    "a26b0b78c33c68db6463e275372f49460c949485f2c2cde3961cd624ecc5f5a27994425f5ac4ee6d898fdfc38c64a5f498ab"             \
    "9c5ef3aa7d270f9684de06678983de3bce91585b93fe16a730efa61e6507f8c1ebe9f5cc229ec706f44b1738fad1703ed993"             \
    "7d541f974b1abaa2e9a5355e25d73cd9281bd648ee7f1188d268745b725b246cb146329e7ca8f9bf785008aa9a29b8c5bdfc"             \
    "c9779b65e3f21ae3d43688161acc5ee948540f8e9a09a4dca2271c7ced973a95259ace4be15989c5f9785afb109d05c373a0"             \
    "c6f1ff5c4723d2c124723032b0c3890203010001"

#define KEY_RSA4096                                                                                                    \
    "3082020a028202010095dad6b6d3057ef7342e330bd6b619e8855745b6d1a6f3d20fb48e433b6e1df487b28fcda42e24899c"             \
    "317db4714478440023ee470595333c378797678f74409c009854524827a735fedd989e79382268b0b8ef4d68253ae0a1a276"             \
    "aff53eab61b929320006c7ca1bd36570e6cdcb3f613f194cd1475e6b21f61989127373d59d815bf28cc77335bf24a376488f"             \
    "c9598c362920de322358d66a01fa996603d58dcd01178d7b3ab399d1ffdfaf8861d143962d4e5b5690f901e8f8fa5c5754a2"             \
    "cc261cad981eb63fb0f0ffbf6d7cd337f27a0fbff2ece6fe37663de61535deda8a643c57e1e163be03f1f530e32edd3c8636"             \
    "8d11ed2ce3e03acd74dc33fca0e80a52ecb948b201acb5eb601f7b33ee64f1f96befbdbac34d0762666f6dd48060d368fa77"             \
    "13ec63aad9ddd5bc2c26c8bfbca546951311f384ca7b3848831274348a17ad8de3b8cf1f4ced6d6315e244c662f032293dcb"             \
    "d7068159c0cd574562d5e0d7c751f94a28c6ae904f1e15e8f451e18151499b394810c5e94251e6d6a6466248d4870b7bce31"             \
    "a9e96f38c97d9042a4e96824a0e5b1dc561e0c704676160c795f2c9c83e17a4fdc25ce95297d742834a89ca2c6e12f690a4b"             \
    "907a2878d677b6247c205ffb4c3ff852c3c86c5d95249e9bc5c64056b080f5d7921a3be627b86d7cdd0d24b4cd1c29f6318f"             \
    "2782ab6e0b180e94590b008fd0ddf53dc9824e0aff0203010001"

#endif
